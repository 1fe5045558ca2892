"""The texts themselves. German says Sie; verbs stand on buttons; nothing shouts."""

# key -> language -> text. A new language needs every key (core/tests/test_texts.py).
TEXTS: dict[str, dict[str, str]] = {
    # What stands around a form.
    "form.optional": {"en": "optional", "de": "freiwillig"},
    "form.send": {"en": "Send", "de": "Absenden"},
    "form.again": {"en": "Send again", "de": "Noch einmal absenden"},
    "form.privacy": {"en": "Privacy", "de": "Datenschutz"},
    "form.imprint": {"en": "Imprint", "de": "Impressum"},
    "form.trap": {"en": "Leave this field empty", "de": "Dieses Feld bitte leer lassen"},
    "form.choose": {"en": "Choose", "de": "Bitte wählen"},
    "form.thanks.title": {"en": "Thank you", "de": "Vielen Dank"},
    "form.thanks.text": {
        "en": "We have your message and will answer.",
        "de": "Ihre Nachricht ist angekommen. Wir melden uns.",
    },
    "form.continue": {"en": "Continue", "de": "Weiter"},
    "form.gone.title": {"en": "This form is not here", "de": "Dieses Formular gibt es hier nicht"},
    "form.gone.text": {
        "en": "It was taken down, or the address is not complete.",
        "de": "Es wurde abgeschaltet, oder die Adresse ist unvollständig.",
    },
    "form.head.errors": {
        "en": "Something is missing below. What you typed is kept.",
        "de": "Unten fehlt noch etwas. Ihre Eingaben sind noch da.",
    },
    "form.head.expired": {
        "en": "The page was open for a long time. What you typed is kept: please send it again.",
        "de": "Die Seite war lange offen. Ihre Eingaben sind noch da: Bitte senden Sie sie noch einmal ab.",
    },
    "form.head.changed": {
        "en": "The form has changed meanwhile. Please look it over and send it again.",
        "de": "Das Formular hat sich inzwischen geändert. Bitte sehen Sie es durch und senden Sie es noch einmal ab.",
    },
    "form.head.fast": {
        "en": "That was quick. What you typed is kept: please send it again.",
        "de": "Das ging sehr schnell. Ihre Eingaben sind noch da: Bitte senden Sie sie noch einmal ab.",
    },
    "form.head.rate": {
        "en": "Too many messages came from here just now. What you typed is kept: please try again in {minutes} minutes.",
        "de": "Von hier kamen gerade zu viele Nachrichten. Ihre Eingaben sind noch da: Bitte versuchen Sie es in {minutes} "
        "Minuten noch einmal.",
    },
    # What is wrong with an answer, and what would be right.
    "wrong.required": {"en": "Please fill this in.", "de": "Bitte füllen Sie dieses Feld aus."},
    "wrong.choose": {"en": "Please choose one.", "de": "Bitte wählen Sie etwas aus."},
    "wrong.consent": {
        "en": "We need your agreement to answer.",
        "de": "Ohne Ihre Zustimmung können wir nicht antworten.",
    },
    "wrong.email": {
        "en": "Write an e-mail address like name@example.com.",
        "de": "Bitte schreiben Sie eine E-Mail-Adresse wie name@beispiel.at.",
    },
    "wrong.email.ending": {
        "en": "The ending is missing, for example “.com”.",
        "de": "Hier fehlt die Endung, zum Beispiel „.at“.",
    },
    "wrong.phone": {
        "en": "Write a telephone number with its country code, like +44 20 7946 0958.",
        "de": "Bitte schreiben Sie eine Telefonnummer mit Ländervorwahl, wie +43 1 5130000.",
    },
    "wrong.number": {
        "en": "Write a number, for example 250.",
        "de": "Bitte schreiben Sie eine Zahl, zum Beispiel 250.",
    },
    "wrong.least": {"en": "At least {least}.", "de": "Mindestens {least}."},
    "wrong.most": {"en": "At most {most}.", "de": "Höchstens {most}."},
    "wrong.date": {
        "en": "Write a date like 2026-11-30.",
        "de": "Bitte schreiben Sie ein Datum wie 30.11.2026.",
    },
    "wrong.long": {"en": "At most {most} characters.", "de": "Höchstens {most} Zeichen."},
    "wrong.option": {"en": "Choose one of these.", "de": "Bitte wählen Sie eine der Möglichkeiten."},
    # What a field is called until somebody calls it otherwise.
    "field.text": {"en": "Text", "de": "Text"},
    "field.email": {"en": "E-mail", "de": "E-Mail"},
    "field.phone": {"en": "Telephone", "de": "Telefon"},
    "field.choice": {"en": "Choice", "de": "Auswahl"},
    "field.several": {"en": "Several", "de": "Mehrere"},
    "field.number": {"en": "Number", "de": "Zahl"},
    "field.date": {"en": "Date", "de": "Datum"},
    "field.long": {"en": "Message", "de": "Nachricht"},
    "field.address": {"en": "Address", "de": "Adresse"},
    "field.heard": {"en": "How did you hear of us?", "de": "Wie haben Sie von uns gehört?"},
    "field.pains": {"en": "What brings you here?", "de": "Was führt Sie zu uns?"},
    "field.consent": {
        "en": "I agree that my request is answered and what I wrote is kept for it.",
        "de": "Meine Anfrage darf beantwortet und dafür dürfen meine Angaben gespeichert werden.",
    },
    "field.hidden": {"en": "Hidden", "de": "Verborgen"},
    "field.name": {"en": "Name", "de": "Vor- und Nachname"},
    "field.work_email": {"en": "Work e-mail", "de": "Dienstliche E-Mail"},
    "field.company": {"en": "Company", "de": "Firma"},
    "field.employees": {"en": "Number of employees", "de": "Zahl der Beschäftigten"},
    "field.needed": {"en": "What do you need?", "de": "Was brauchen Sie?"},
    "field.until": {"en": "Until when?", "de": "Bis wann?"},
    "option.first": {"en": "First", "de": "Erstens"},
    "option.second": {"en": "Second", "de": "Zweitens"},
    "address.street": {"en": "Street and number", "de": "Straße und Hausnummer"},
    "address.postcode": {"en": "Postcode", "de": "Postleitzahl"},
    "address.city": {"en": "Town", "de": "Ort"},
    "address.country": {"en": "Country", "de": "Land"},
    "heard.search": {"en": "Search engine", "de": "Suchmaschine"},
    "heard.social": {"en": "Social network", "de": "Soziales Netzwerk"},
    "heard.recommended": {"en": "Recommendation", "de": "Empfehlung"},
    "heard.event": {"en": "Fair or event", "de": "Messe oder Veranstaltung"},
    "heard.press": {"en": "Article or podcast", "de": "Artikel oder Podcast"},
    "heard.other": {"en": "Otherwise", "de": "Anders"},
    # What the starters begin with.
    "starter.contact.title": {"en": "Write to us", "de": "Schreiben Sie uns"},
    "starter.contact.lead": {"en": "We answer on working days.", "de": "Wir antworten an Werktagen."},
    "starter.contact.button": {"en": "Send the message", "de": "Nachricht senden"},
    "starter.demo.title": {"en": "See it with your own data", "de": "Sehen Sie es mit Ihren eigenen Daten"},
    "starter.demo.lead": {"en": "30 minutes, online.", "de": "30 Minuten, online."},
    "starter.demo.button": {"en": "Ask for a demo", "de": "Demo anfragen"},
    "starter.quote.title": {"en": "Ask for a quote", "de": "Angebot anfragen"},
    "starter.quote.lead": {
        "en": "Tell us what you need; you get a price in writing.",
        "de": "Sagen Sie uns, was Sie brauchen; Sie bekommen einen schriftlichen Preis.",
    },
    "starter.quote.button": {"en": "Ask for a quote", "de": "Angebot anfragen"},
}
