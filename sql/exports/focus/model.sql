-- Every charge under the 57 columns of FOCUS 1.2, after the load that it came from: bills made into FOCUS, and what was FOCUS already.
SELECT * FROM temp.focus_bills -- noqa: AM04
UNION ALL
SELECT * FROM temp.focus_delivered
