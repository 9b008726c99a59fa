"""How people write the names of national and tax numbers, by country: a table as in ``spelling``.

``AMBIGUOUS`` names mean other things too (``sin``, ``run``, ``fin``) and are believed only where values pass the number's check.
"""

TABLE = r"""
gov_id.us.ssn: ssns?|ssn_?(?:number|no|last_?4|tin)|(?:us_?)?social_?sec(?:urity)?(?:_?(?:number|no|num|nr))?|soc_?sec(?:_?(?:no|num))?|ss_?(?:number|no)|sozialversicherungs_?nummer_?us
gov_id.us.itin: itin|itin_?number|individual_?taxpayer_?id(?:entification_?number)?
gov_id.us.ein: ein|ein_?number|fein|employer_?identification_?number
gov_id.ca.sin: sin|sin_?(?:number|no|num)|social_?insurance_?(?:number|no)|nas_?(?:canada)?|numero_?(?:d_?)?assurance_?sociale
gov_id.mx.curp: curp|clave_?curp
gov_id.mx.rfc: rfc|rfc_?(?:persona|fiscal|cliente|receptor|emisor)
gov_id.br.cpf: cpf|cpfs|(?:nr|num|numero|n)_?(?:do_?)?cpf|cpf_?(?:number|numero|cliente|titular|usuario|cnpj)|cadastro_?(?:de_?)?pessoas?_?fisicas?
gov_id.ar.cuit: cuit|cuil|cuit_?cuil|(?:nro|numero)_?(?:de_?)?cui[tl]|cui[tl]_?(?:number|numero)
gov_id.cl.rut: rut|run|rut_?(?:cliente|usuario|number|numero|persona|titular)|rol_?unico_?(?:tributario|nacional)
gov_id.co.nit: nit|nit_?(?:number|numero)|cedula_?(?:de_?)?ciudadania
gov_id.pe.ruc: ruc|ruc_?(?:number|numero)|(?:nro|numero)_?(?:de_?)?ruc
gov_id.uy.ci: ci_?uruguay|cedula_?uruguaya
gov_id.ec.ci: cedula_?ecuatoriana|ci_?ecuador
gov_id.ve.rif: rif|rif_?numero
gov_id.do.cedula: cedula_?dominicana|cedula_?(?:de_?)?identidad_?y_?electoral
gov_id.gb.nino: nino|ni_?(?:number|no|num)|nat_?ins_?(?:no|number)|national_?insurance(?:_?(?:number|no|num|nr))?|uk_?nino
gov_id.gb.utr: utr|utr_?number|unique_?taxpayer_?reference
gov_id.ie.pps: pps|ppsn|pps_?(?:number|no)|personal_?public_?service_?number
gov_id.fr.nir: nir|n_?secu|(?:numero|num|no|nr)_?(?:de_?)?(?:la_?)?(?:secu|securite_?sociale|ss)|numero_?nir|insee|numero_?insee|nss
gov_id.fr.spi: spi|numero_?spi|numero_?fiscal_?(?:de_?)?reference|reference_?fiscale
gov_id.de.idnr: steuer_?(?:id|identifikations_?(?:nummer|nr)|identnummer)|idnr|id_?nr_?steuer|tin_?de|steuerliche_?identifikationsnummer
gov_id.nl.bsn: bsn|bsn_?(?:nummer|number|nr)|burger_?service_?nummer|sofi_?nummer|sofi
gov_id.be.nn: rijks_?register_?(?:nummer|nr)|(?:numero_?(?:de_?)?)?registre_?national|niss|insz|nrn|rrn_?be|national_?register_?number
gov_id.ch.ahv: ahv|ahv_?(?:nummer|nr|number|n13)|avs|avs_?(?:numero|number|no|nr)|(?:numero|no|nr)_?avs|navs(?:13)?|sozialversicherungsnummer_?ch
gov_id.at.svnr: svnr|sv_?(?:nummer|nr)|svn_?at|sozialversicherungs_?nummer_?at
gov_id.lu.id: matricule_?nationale|numero_?(?:d_?)?identification_?nationale
gov_id.se.personnummer: personnummer|person_?nr|pnr|personal_?identity_?number|svenskt_?personnummer|samordningsnummer
gov_id.no.fnr: fodsels_?nummer|foedselsnummer|fnr|norwegian_?id|d_?nummer
gov_id.dk.cpr: cpr|cpr_?(?:nummer|nr|number|no)|personnummer_?dk
gov_id.fi.hetu: hetu|henkilo_?tunnus|finnish_?(?:ssn|id)
gov_id.is.kennitala: kennitala|kt_?(?:nummer|numer)
gov_id.ee.isikukood: isiku_?kood
gov_id.lt.asmens: asmens_?kodas
gov_id.lv.pk: personas_?kods
gov_id.es.dni: dni|dni_?(?:number|numero|nif|cliente|usuario|titular)|(?:numero|num|nro)_?(?:de_?)?dni|nif_?(?:es|espana|cliente)|documento_?nacional_?(?:de_?)?identidad
gov_id.es.nie: nie|nie_?(?:number|numero)|(?:numero|num)_?(?:de_?)?nie|numero_?(?:de_?)?identidad_?(?:de_?)?extranjero
gov_id.pt.nif: nif|nif_?(?:number|numero|pt|contribuinte)|(?:numero|num|nr)_?(?:de_?)?(?:contribuinte|nif)|contribuinte
gov_id.it.codice_fiscale: codice_?fiscale|cod_?fisc(?:ale)?|cf_?(?:cliente|paziente|persona)|codicefiscale|fiscal_?code|fiscal_?code_?it
gov_id.gr.amka: amka|amka_?(?:number|no)
gov_id.gr.afm: afm|afm_?(?:number|no)
gov_id.hr.oib: oib|osobni_?identifikacijski_?broj
gov_id.si.emso: emso
gov_id.rs.jmbg: jmbg|maticni_?broj|jedinstveni_?maticni_?broj
gov_id.mk.embg: embg
gov_id.tr.tckn: tckn|tc_?(?:kimlik(?:_?(?:no|numarasi))?|no|id|identity(?:_?(?:no|number))?)|kimlik_?(?:no|numarasi)|t_?c_?kimlik_?no
gov_id.pl.pesel: pesel|pesel_?(?:number|numer|nr)|(?:nr|numer)_?pesel
gov_id.pl.nip: nip|nip_?(?:number|numer|nr)|(?:nr|numer)_?nip
gov_id.cz.rc: rodne_?cislo|rc_?cz|rodnecislo
gov_id.sk.rc: rodne_?cislo_?sk|rc_?sk
gov_id.hu.taj: taj|taj_?(?:szam|number)
gov_id.hu.tax_id: ado_?azonosito(?:_?jel)?|adoszam
gov_id.ro.cnp: cnp|cod_?numeric_?personal
gov_id.bg.egn: egn|edinen_?grazhdanski_?nomer
gov_id.ua.rnokpp: rnokpp|ipn|ipn_?(?:code|number)
gov_id.ru.inn: inn|inn_?(?:number|nomer|fl)
gov_id.ru.snils: snils|snils_?(?:number|nomer)
gov_id.md.idnp: idnp
gov_id.kz.iin: iin|iin_?number|jsn
gov_id.in.aadhaar: aadh?aa?r|aadh?aa?r_?(?:number|no|num|id|card(?:_?(?:number|no))?)|uidai(?:_?number)?|adhaar(?:_?(?:number|no))?
gov_id.in.pan: pan_?(?:india|card_?(?:number|no)|in)|permanent_?account_?number|income_?tax_?pan|pan
gov_id.in.epic: epic_?(?:number|no)|elector_?photo_?id|voter_?id_?in
gov_id.cn.resident_id: sfz|sfzh|shen_?fen_?zheng(?:_?hao)?|id_?card_?no_?cn|chinese_?id|resident_?identity_?card(?:_?number)?|id_?card_?(?:no|num|number)|idcard
gov_id.kr.rrn: rrn|jumin(?:_?(?:no|number|beonho))?|jumin_?deungrok_?beonho|resident_?registration_?(?:number|no)
gov_id.jp.my_number: my_?number|kojin_?bango|individual_?number_?jp|mai_?nambaa
gov_id.tw.id: tw_?(?:national_?)?id|taiwan_?id
gov_id.hk.hkid: hkid|hk_?id(?:_?(?:card|number|no))?|hong_?kong_?id(?:entity_?card)?
gov_id.sg.nric: nric|nric_?(?:number|no|fin)|nric_?fin|fin_?(?:number|no)
gov_id.my.nric: my_?kad|my_?kad_?(?:number|no)|ic_?(?:number|no)|nric_?my|no_?kad_?pengenalan
gov_id.th.id: thai_?(?:national_?)?id(?:_?card)?|citizen_?id_?th|bat_?prachachon
gov_id.id.nik: nik|nik_?ktp|no_?(?:ktp|nik)|ktp|ktp_?(?:number|no)|nomor_?(?:ktp|nik|induk_?kependudukan)
gov_id.au.tfn: tfn|tfn_?(?:number|no)|tax_?file_?(?:number|no)
gov_id.nz.ird: ird|ird_?(?:number|no)
gov_id.pk.cnic: cnic|cnic_?(?:number|no)|nicop
gov_id.lk.nic: nic|nic_?(?:number|no)|sri_?lankan?_?nic
gov_id.za.id: sa_?id(?:_?(?:number|no))?|rsa_?id(?:_?(?:number|no))?|south_?african?_?id(?:_?number)?|za_?id
gov_id.il.id: teudat_?zehut|israeli?_?id(?:_?number)?|tz_?(?:number|no)|mispar_?zehut
gov_id.eg.id: egypt(?:ian)?_?(?:national_?)?id|raqam_?qawmi
gov_id.sa.id: iqama|iqama_?(?:number|no|id)|saudi_?(?:national_?)?id
gov_id.ae.emirates_id: emirates_?id(?:_?(?:number|no))?|eida(?:_?number)?|eid_?number
gov_id.kw.civil_id: kuwait_?civil_?id|civil_?id_?(?:number|no)?
gov_id.ir.melli: code_?melli|melli_?code|kode_?melli|national_?code_?ir
gov_id.mu.nid: mauritius_?id|nid_?mu
"""

AMBIGUOUS = frozenset(
    """
    ein fein sin nit run rut rif ruc utr pps nir spi nss pnr fnr cpr nie nip nif inn pan nic nik taj avs rrn iin ipn ird afm insee ahv insz
    id_card_no id_card_num id_card_number idcard my_number fiscal_code rfc tz_no tz_number ic_no ic_number d_nummer contribuinte eid_number sofi
    """.split()  # noqa: SIM905 -- a table of words reads best as text
)
