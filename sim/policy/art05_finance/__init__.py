"""Article (5): rules for payment, credit and other financial business."""
