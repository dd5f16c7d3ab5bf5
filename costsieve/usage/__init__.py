"""How busy everything is and what there is: utilization, inventory, the estate that rules read. Waste is judged in findings."""
