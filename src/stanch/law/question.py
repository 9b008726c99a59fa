"""What a person must say that traffic can't show, in words: one question per missing fact."""

from collections.abc import Mapping
from types import MappingProxyType

QUESTIONS: Mapping[str, str] = MappingProxyType(
    {
        "role": "Do you decide why and how the data is used (controller), or do you handle it for others (processor)?",
        "harm": "How much harm to the people is likely: none, risk, serious, high? Someone must assess and sign it.",
        "event": "Was the data obtained by anyone, or only accessible?",
        "encrypted": "Could those who received the data read it, or was it encrypted and the key safe?",
        "attribution": "Did these people's data go to someone else? The traffic does not tell for all of them (stanch affected says why).",
        "residence": "Where do the people live whose country, or state in a federation, is not known?",
        "hash_permits_access": "Can the leaked password hashes be reversed in practice (algorithm, salt), so that they permit access?",
        "statute_list": "Does this statute list one of the leaked kinds of data? The rule's list is not known to be whole.",
    }
)

SECTORS: Mapping[str, str] = MappingProxyType(
    {
        "nis2_entity": "an essential or important entity under NIS2",
        "financial_entity": "a financial entity under DORA",
        "manufacturer": "a manufacturer of products with digital elements (mobile apps placed on the market too)",
        "telecom": "a provider of public electronic communications",
        "hipaa_covered": "a covered entity under HIPAA",
        "hipaa_associate": "a business associate under HIPAA",
        "phr_vendor": "a vendor of personal health records or a health app outside HIPAA",
        "sec_registrant": "a registrant of the US Securities and Exchange Commission",
        "glba_nonbank": "a non-bank financial institution under the US Safeguards Rule",
        "nydfs_covered": "a covered entity of the New York Department of Financial Services",
        "regsp_institution": "a broker-dealer, adviser, fund or transfer agent under Regulation S-P",
        "bank": "a bank supervised by a US federal regulator",
        "bank_service_provider": "a service provider to US banks",
        "us_carrier": "a US telecommunications carrier or VoIP provider",
        "critical_infrastructure": "in one of the 16 US critical infrastructure sectors",
        "insurer": "a licensee of a US insurance commissioner",
        "apra_entity": "regulated by the Australian Prudential Regulation Authority",
    }
)


def question(key: str, *, otherwise: str = "") -> str:
    """Put a missing fact as a question; ``otherwise`` is the rule's own condition in words."""
    if key in SECTORS:
        return f"Is the organisation {SECTORS[key]}?"
    if key in QUESTIONS:
        return QUESTIONS[key]
    return f"Does this hold: {otherwise}?" if otherwise else f"Does '{key}' hold?"
