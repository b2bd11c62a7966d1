"""Words beside a dose that cannot change it: where, by which way, with what, for what. Any other word may."""

_WORDS = (
    "the a an is are be been this that these it its your you his her their as into onto to for of by when them",
    "inject injected injection infuse infusion administer administered give given insert instil instill put place",
    "spray drink chew dissolve dissolved mix mixed hold let allow swallowed whole crush crushed route oral",
    "intravenous intramuscular intravenously intramuscularly subcutaneous subcutaneously transdermal buccal",
    "cutaneous rectal vaginal inhalation tube gastric under tongue sublingually glass water juice milk liquid fluid",
    "plenty food drinks stomach skin eye eyes ear ears nostril nostrils nose arm leg left right upper lower body",
    "affected area areas part parts medication medicine medicines prescription tablets capsules sleep sleeping",
    "anxiety insomnia pain fever nausea epilepsy seizures spasm spasms spasticity infection pressure blood heart",
    "allergy cough relief prescribed course complete finish contents continuous alcohol driving drive machinery",
    "drowsiness drowsy avoid warning cause causes may do oraal intraveneus intramusculair transdermaal parenteraal",
    "oculair cutaan oromucosaal onder de tong rechter linker oog oor glas melk voedsel maag huid slapen slaap angst",
    "onrust pijn epilepsie spasticiteit voor een toedienen toediening steeds exacte toedientijd aan je uw die dit",
    "deze zijn innemen doorslikken heel kauwen orale intraveineuse intramusculaire sous cutanée voie langue verre",
    "eau lait repas estomac sommeil dormir anxiété angoisse insomnie douleur épilepsie spasticité avaler croquer",
    "votre vos cette ces est sont subkutan intravenös intramuskulär unter der das dem den des zunge wasser milch",
    "schlaf schlafen schmerzen spastik unzerkaut ganz schlucken kauen ihre ihr",
)
HARMLESS = frozenset(word for words in _WORDS for word in words.split())
