"""Referrers: under which name a host, an app or a network stands as a source, and which hosts a visit never came from. Pure."""

from collections.abc import Iterable

# Host, or what people write for it -> the network, in one spelling. Subdomains are named alike.
_NETWORKS = {
    "facebook": "facebook.com fb.com fb.me fb facebook",
    "instagram": "instagram.com instagr.am ig instagram",
    "linkedin": "linkedin.com lnkd.in linkedin",
    "twitter": "twitter.com t.co x.com twitter",
    "youtube": "youtube.com youtu.be youtube",
    "reddit": "reddit.com redd.it reddit",
    "pinterest": "pinterest.com pin.it pinterest",
    "tiktok": "tiktok.com tiktok",
    "snapchat": "snapchat.com snapchat",
    "threads": "threads.net threads.com threads",
    "whatsapp": "whatsapp.com wa.me whatsapp",
    "telegram": "telegram.org t.me telegram",
}
NETWORK = {name: network for network, names in _NETWORKS.items() for name in names.split()}

# Whose click ids are whose: an advert bought at the one is shown at the other.
_FAMILIES = ("google youtube googleads google_ads google-ads adwords", "bing microsoft msn", "facebook instagram meta")
FAMILY = {name: family.split()[0] for family in _FAMILIES for name in family.split()}

SOCIAL, MAIL, SEARCH = "referral", "email", "organic"
# Packages of Android and numbers of Apple's store -> the source that people know, and the medium.
_ANDROID = {
    SEARCH: {"google": "com.google.android.googlequicksearchbox", "bing": "com.microsoft.bing", "duckduckgo": "com.duckduckgo.mobile.android"},
    MAIL: {
        "gmail": "com.google.android.gm com.google.android.gm.lite",
        "outlook": "com.microsoft.office.outlook",
        "yahoo mail": "com.yahoo.mobile.client.android.mail",
        "gmx mail": "de.gmx.mobile.android.mail",
        "web.de mail": "de.web.mobile.android.mail",
        "protonmail": "ch.protonmail.android",
        "samsung email": "com.samsung.android.email.provider",
        "thunderbird": "com.fsck.k9 net.thunderbird.android",
    },
    SOCIAL: {
        "facebook": "com.facebook.katana com.facebook.lite com.facebook.orca",
        "instagram": "com.instagram.android com.instagram.lite",
        "threads": "com.instagram.barcelona",
        "linkedin": "com.linkedin.android",
        "twitter": "com.twitter.android com.twitter.android.lite",
        "youtube": "com.google.android.youtube",
        "reddit": "com.reddit.frontpage",
        "pinterest": "com.pinterest",
        "tiktok": "com.zhiliaoapp.musically com.ss.android.ugc.trill",
        "snapchat": "com.snapchat.android",
        "whatsapp": "com.whatsapp com.whatsapp.w4b",
        "telegram": "org.telegram.messenger org.telegram.messenger.web org.thunderdog.challegram",
        "discord": "com.discord",
        "slack": "com.slack",
        "microsoft teams": "com.microsoft.teams",
        "skype": "com.skype.raider",
        "xing": "com.xing.android",
        "quora": "com.quora.android",
        "medium": "com.medium.reader",
        "flipboard": "flipboard.app",
        "feedly": "com.devhd.feedly",
        "pocket": "com.ideashower.readitlater.pro",
        "google news": "com.google.android.apps.magazines",
        "google chat": "com.google.android.apps.dynamite",
        "messages": "com.google.android.apps.messaging com.samsung.android.messaging",
    },
}  # fmt: skip
_APPLE = {
    SEARCH: {"google": "284815942", "bing": "345323231", "duckduckgo": "663592361"},
    MAIL: {"gmail": "422689480", "outlook": "951937596", "yahoo mail": "577586159"},
    SOCIAL: {
        "facebook": "284882215 454638411",
        "instagram": "389801252",
        "linkedin": "288429040",
        "twitter": "333903271",
        "youtube": "544007664",
        "reddit": "1064216828",
        "pinterest": "429047995",
        "tiktok": "835599320",
        "snapchat": "447188370",
        "whatsapp": "310633997",
        "telegram": "686449807",
        "discord": "985746746",
        "slack": "618783545",
        "microsoft teams": "1113153706",
    },
}  # fmt: skip
APPS = {
    app: (source, medium)
    for apps in (_ANDROID, _APPLE)
    for medium, named in apps.items()
    for source, listed in named.items()
    for app in listed.split()
}

# Where one pays, proves a card or signs in, and the page as a translator shows it: the visit goes on from there.
_PASSED_THROUGH = """
    checkout.stripe.com hooks.stripe.com js.stripe.com pay.stripe.com buy.stripe.com billing.stripe.com invoice.stripe.com
    connect.stripe.com crypto.link.com checkout.link.com paypal.com paypalobjects.com braintreegateway.com braintree-api.com
    pay.klarna.com payments.klarna.com login.klarna.com app.klarna.com checkout.klarna.com sofort.com giropay.de paydirekt.de
    adyen.com adyenpayments.com mollie.com worldpay.com sagepay.com opayo.co.uk elavon.com globalpay.com realexpayments.com
    checkout.com 2checkout.com verifone.cloud paddle.com checkout.paddle.com fastspring.com chargebee.com recurly.com gocardless.com
    squareup.com square.link authorize.net cybersource.com payeezy.com bluesnap.com nmi.com pay.google.com payments.google.com
    pay.amazon.com pay.amazon.de pay.amazon.co.uk pay.amazon.fr payments.amazon.com payments.amazon.de apay-us.amazon.com
    razorpay.com payu.com payu.in secure.payu.com mercadopago.com mercadopago.com.br mercadopago.com.ar pagseguro.uol.com.br
    afterpay.com clearpay.co.uk portal.afterpay.com affirm.com sezzle.com zip.co alipay.com wepay.com tenpay.com unionpay.com
    payone.com payone.de unzer.com heidelpay.com computop-paygate.com concardis.com saferpay.com datatrans.com datatrans.biz
    postfinance.ch twint.ch wallee.com ideal.nl ing.nl multisafepay.com buckaroo.nl pay.nl bancontact.com payconiq.com ogone.com
    ingenico.com nets.eu nexigroup.com redsys.es przelewy24.pl tpay.com dotpay.pl paytrail.com trustly.com swish.nu vipps.no
    mobilepay.dk viabill.com billie.io ratepay.com secupay.ag novalnet.de paymill.com
    cardinalcommerce.com arcot.com 3dsecure.io rsa3dsauth.com wlp-acs.com securesuite.net secureacs.com verifiedbyvisa.com
    3dsecure.no modirum.com netcetera.com 3ds-acs.com acs.touch.tech
    accounts.google.com accounts.youtube.com login.microsoftonline.com login.microsoft.com login.live.com login.windows.net
    appleid.apple.com idmsa.apple.com login.yahoo.com login.salesforce.com signin.aws.amazon.com amazoncognito.com okta.com
    okta-emea.com oktapreview.com auth0.com onelogin.com pingone.com pingidentity.com duosecurity.com b2clogin.com
    ciamlogin.com frontegg.com clerk.accounts.dev accounts.zoho.com login.gov id.me accounts.shopify.com shop.app
    translate.goog
"""
PASSED_THROUGH = frozenset(_PASSED_THROUGH.split())


def source_of_host(host: str) -> str:
    """The source that a referring host stands for: its network in one spelling, else the host without www."""
    return NETWORK.get(_listed(host, NETWORK) or "", host.removeprefix("www."))


def source_of_name(name: str) -> str:
    """A source as somebody wrote it, in one spelling: in lower case, a network by its name."""
    name = name.lower()
    return (
        NETWORK.get(name) or NETWORK.get(_listed(name, NETWORK) or "", name) if "." in name else NETWORK.get(name, name)
    )


def is_same_network(source: str, other: str) -> bool:
    """Whether a click id of `other` can stand beside `source`."""
    return FAMILY.get(source, source) == FAMILY.get(other, other)


def earns_nothing(host: str, own: Iterable[str]) -> bool:
    """Whether a visit never came from this host: one pays or signs in there, or the workspace lists it (`own`)."""
    return _listed(host, PASSED_THROUGH) is not None or _listed(host, own) is not None


def _listed(host: str, hosts: Iterable[str]) -> str | None:
    """The host or the domain above it that is listed."""
    parts = host.split(".")
    return next((name for at in range(len(parts) - 1) if (name := ".".join(parts[at:])) in hosts), None)
