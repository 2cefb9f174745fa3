"""What each address needs of who asks: for the description and the manual. A test holds it against what is really refused."""

from __future__ import annotations

NEEDS: dict[str, str] = {
    # devices and the account
    "session": "nothing", "pair": "a pairing code", "make_code": "account", "list_devices": "account", "end_device": "account",
    "make_token": "account", "make_device": "account", "end_other_devices": "account", "get_account": "account", "change_account": "account",
    "sign_in_by_provider": "nothing",
    "export_account": "account, read", "erase_account": "account",
    # records and their people
    "list_records": "any", "begin_record": "plan", "begin_demo": "plan, log", "get_record": "any", "erase_record": "account, share", "list_people": "any",
    "narrow_grant": "share", "end_grant": "share (account to leave)", "invite": "share", "list_invitations": "share",
    "take_back_invitation": "share", "show_invitation": "an invitation", "accept_invitation": "account, and an invitation",
    "list_accesses": "share",
    # sync
    "push": "log or plan", "pull": "read", "get_packet": "today", "packet": "today",
    # plans
    "draft_plan": "plan", "taper_plan": "plan", "change_plan": "plan", "check_plan": "plan", "compare_plans": "plan", "plan_file": "plan",
    "renal": "plan", "get_plan": "read", "follow_plan": "plan", "approve_plan": "plan", "answer_review": "plan",
    # papers
    "report": "read", "card": "read", "calendar": "read", "history": "read", "insight": "read", "levels": "read", "stock": "read", "watch": "read",
    # knowledge
    "danger_signs": "nothing", "monograph": "nothing", "products": "nothing", "protocols": "nothing", "scales": "nothing",
    # the machine
    "list_accounts": "an administrator, account", "disable_account": "an administrator, account", "enable_account": "an administrator, account",
    "invite_account": "an administrator, account",
}  # fmt: skip
"""Scopes by operation. ``any``: some right to the record; ``nothing``: no credentials."""
