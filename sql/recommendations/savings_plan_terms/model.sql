-- Kind, term and payment option of every Savings Plan that covered usage, from the delivered bill: rates of other kinds tell nothing.
SELECT
    savings_plan_savings_plan_a_r_n AS commitment_id,
    max(savings_plan_offering_type) AS offering_type,
    max(savings_plan_purchase_term) AS purchase_term,
    max(savings_plan_payment_option) AS payment_option
FROM raw.aws_cur
WHERE
    line_item_line_item_type = 'SavingsPlanCoveredUsage'
    AND savings_plan_savings_plan_a_r_n IS NOT NULL
    AND x_period >= strftime($window_start, '%Y-%m')
GROUP BY savings_plan_savings_plan_a_r_n
ORDER BY savings_plan_savings_plan_a_r_n
