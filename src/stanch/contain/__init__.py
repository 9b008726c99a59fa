"""Stop it: policy, masking, plan, replay check."""
