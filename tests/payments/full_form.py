"""A form of 55 fields, as a full shop module sends them."""

from tests.payments import wire

FIELDS = {
    "available_languages": "fr;en",
    "capture_delay": "0",
    "contrib": "Boutique_2.4.1/8.1.0",
    "cust_address": "12 rue de l’Église",
    "cust_cell_phone": "+33 6 12 34 56 78",
    "cust_city": "Saint-Étienne",
    "cust_country": "FR",
    "cust_email": "zoe.lefevre@example.org",
    "cust_first_name": "Zoé",
    "cust_id": "1187",
    "cust_last_name": "Lefèvre",
    "cust_name": "Zoé Lefèvre",
    "cust_phone": "04 77 12 34 56",
    "cust_state": "",
    "cust_title": "Mme",
    "cust_zip": "42000",
    "ext_info_panier": "3 articles",
    "language": "fr",
    "nb_products": "2",
    "order_info": "Livraison le matin",
    "order_info2": "",
    "order_info3": "",
    "payment_cards": "",
    "product_amount0": "2990",
    "product_amount1": "3500",
    "product_label0": "Comté 24 mois",
    "product_label1": "Beaufort d’alpage",
    "product_qty0": "1",
    "product_qty1": "1",
    "product_ref0": "3017620422003",
    "product_ref1": "BEAU-12",
    "redirect_error_timeout": "5",
    "redirect_success_timeout": "5",
    "return_mode": "GET",
    "ship_to_city": "Saint-Étienne",
    "ship_to_country": "FR",
    "ship_to_name": "Zoé Lefèvre",
    "ship_to_phone_num": "",
    "ship_to_street": "12 rue de l’Église",
    "ship_to_zip": "42000",
    "shop_name": "Fromagerie en ligne",
    "shop_url": "https://boutique.example/",
    "url_return": "https://boutique.example/retour",
    "validation_mode": "",
}


def full_form(shop, number: int, **changes) -> dict[str, str]:
    """The unsigned form of one order; each number is another transaction of the day."""
    return wire.fields(shop, trans_id=f"{number:06d}", order_id=f"CMD-2026-{number}", **(FIELDS | changes))
