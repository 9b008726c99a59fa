"""The validators: their own examples, published test numbers, wrong digits, the share of random numbers that pass."""

from math import sqrt
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stanch.classify.taxonomy import TAXONOMY
from stanch.classify.validator import VALIDATORS, by_length, significant
from stanch.classify.validator.keccak import keccak_256
from stanch.classify.validator.luhn import luhn
from stanch.classify.validator.verhoeff import verhoeff

ALL = pytest.mark.parametrize("validator", VALIDATORS.values(), ids=lambda v: v.datatype)
NO_CHECK_DIGIT = {"gov_id.us.itin", "gov_id.dk.cpr", "gov_id.my.nric", "gov_id.id.nik", "gov_id.eg.id"}
WITH_CHECK = [v for v in VALIDATORS.values() if v.digits_only and v.chance <= 0.12 and v.datatype not in NO_CHECK_DIGIT]
SIGNS = {"9": "0123456789", "A": "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "X": "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", "h": "0123456789abcdef"}
N_RANDOM = 4000

PUBLISHED = {
    "finance.card": "4111111111111111 5555555555554444 378282246310005 6011111111111117 30569309025904 3530111333300000 4222222222222",
    "finance.iban": "GB82WEST12345698765432 DE89370400440532013000 FR1420041010050500013M02606 NL91ABNA0417164300 NO9386011117947",
    "finance.us.routing": "011000015 021000021",
    "gov_id.br.cpf": "111.444.777-35 52998224725",
    "gov_id.es.dni": "12345678Z 00000001R",
    "gov_id.es.nie": "X1234567L Z1234567R",
    "gov_id.fr.nir": "255081416802538",
    "gov_id.gb.nino": "AA123456C",
    "gov_id.it.codice_fiscale": "RSSMRA85T10A562S",
    "gov_id.nl.bsn": "111222333",
    "gov_id.pl.pesel": "44051401359",
    "gov_id.se.personnummer": "811228-9874",
    "gov_id.sg.nric": "S1234567D",
    "gov_id.za.id": "8001015009087",
    "gov_id.tr.tckn": "10000000146",
    "gov_id.fi.hetu": "131052-308T",
    "gov_id.be.nn": "85.07.30-033.28",
    "gov_id.ch.ahv": "756.9217.0769.85",
    "gov_id.hr.oib": "69435151530",
    "gov_id.cn.resident_id": "11010519491231002X",
    "gov_id.in.pan": "ABCPE1234F",
    "health.gb.nhs": "9434765919",
    "health.npi": "1234567893",
    "device.imei": "490154203237518",
    "vehicle.vin": "1M8GDM9AXKP042788",
    "product.isbn13": "978-0-306-40615-7",
    "product.isbn10": "0-306-40615-2 097522980X",
    "product.issn": "0378-5955",
    "product.ean13": "4006381333931",
    "finance.isin": "US0378331005",
    "finance.crypto_wallet.bitcoin": "1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2 bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq",
    "finance.crypto_wallet.ethereum": "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed",
}  # fmt: skip
"""From the documents of standards bodies and payment networks."""


@ALL
def test_the_example_passes_and_has_a_length_of_its_validator(validator):
    assert validator.check(validator.example)
    assert len(significant(validator.example)) in validator.lengths
    assert validator in by_length()[len(significant(validator.example))]


@pytest.mark.parametrize(("datatype", "number"), [(datatype, number) for datatype, row in PUBLISHED.items() for number in row.split()])
def test_a_published_number_passes(datatype, number):
    assert VALIDATORS[datatype].check(number)


@pytest.mark.parametrize("validator", WITH_CHECK, ids=lambda v: v.datatype)
def test_most_wrong_digits_are_noticed(validator):
    places = [at for at, sign in enumerate(validator.example) if sign.isdigit()]
    wrong = [
        validator.example[:at] + digit + validator.example[at + 1 :] for at in places for digit in "0123456789" if digit != validator.example[at]
    ]
    assert sum(map(validator.check, wrong)) <= len(wrong) / 5


@ALL
def test_no_more_random_texts_pass_than_is_said(validator):
    random = Random(validator.datatype)
    texts = ("".join(random.choice(SIGNS.get(sign, sign)) for sign in validator.shape) for _ in range(N_RANDOM))
    share = sum(map(validator.check, texts)) / N_RANDOM
    assert abs(share - validator.chance) <= 4 * sqrt(max(validator.chance, 1 / N_RANDOM) / N_RANDOM) + 0.15 * validator.chance


@ALL
@settings(max_examples=30)
@given(text=st.text(max_size=60) | st.text("0123456789 -./ABXZ()", max_size=40) | st.text("٠١٢٣٤٥٦٧٨٩１２３", max_size=20))
def test_any_text_is_judged_without_an_error(validator, text):
    assert validator.check(text) in {True, False}


def test_other_alphabets_digits_are_no_digits():
    arabic = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
    assert not [v.datatype for v in VALIDATORS.values() if any(c.isdigit() for c in v.example) and v.check(v.example.translate(arabic))]


def test_fifty_five_and_more_are_there_and_lead_into_the_taxonomy():
    from stanch.classify.decide import REPORTED

    personal = [v.datatype for v in VALIDATORS.values() if not v.look_alike]
    assert len(personal) >= 55
    assert not [name for name in personal if REPORTED.get(name, name) not in TAXONOMY]


def test_the_sums_behind_them():
    assert luhn("79927398713")
    assert not luhn("79927398710")
    assert verhoeff("2363")
    assert not verhoeff("2364")
    assert keccak_256(b"").hex() == "c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470"
