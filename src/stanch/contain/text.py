"""A policy as the text that people read, keep in a repository and sign off."""

import yaml

from stanch.contain.policy import Policy, to_dict


def to_yaml(policy: Policy) -> str:
    """Write a policy so that ``parse`` gives it back."""
    return yaml.safe_dump(to_dict(policy), sort_keys=False, allow_unicode=True, width=120, default_flow_style=False)
