"""The texts themselves. German says Sie; verbs stand on buttons; nothing shouts."""

# key -> language -> text. A new language needs every key that customers read (core/tests/test_texts.py).
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
    # What members are told. Their pages are English, and so is this.
    "notice.lead_assigned": {"en": "{who} is your lead now"},
    "notice.lead_late": {"en": "{who} waits: an answer was promised by {when}"},
    "notice.lead_aged_out": {"en": "{who} aged out: nobody answered in time"},
    "notice.task_due": {"en": "Due today: {task}"},
    "mail.lead.why": {"en": "Why you: {why}."},
    "mail.lead.promised": {"en": "Promised: an answer by {when}."},
    "mail.lead.accept": {"en": "Accept (a page asks before anything happens):"},
    "mail.lead.not_now": {"en": "Not now, so that somebody else can have it:"},
    "mail.notice.open": {"en": "Open it:"},
    "mail.notice.choose": {"en": "Choose what you are told:"},
    # What stands behind the links of mails to people.
    "optin.subject": {"en": "Please confirm: {topic}", "de": "Bitte bestätigen: {topic}"},
    "optin.text": {
        "en": "Somebody, we hope you, asked {firm} for: {topic}.\n\nA page with one button confirms it:\n{link}\n\n"
        "If it was not you, do nothing: without the button nothing is sent. The link is good for 7 days.",
        "de": "Jemand, hoffentlich Sie, hat bei {firm} angefordert: {topic}.\n\nEine Seite mit einem Knopf bestätigt es:\n{link}\n\n"
        "Waren Sie es nicht, tun Sie nichts: Ohne den Knopf wird nichts gesendet. Der Link gilt 7 Tage.",
    },
    "optin.ask.title": {"en": "Do you want {topic}?", "de": "Möchten Sie {topic}?"},
    "optin.ask.button": {"en": "Yes, send it to me", "de": "Ja, senden Sie es mir"},
    "optin.ask.not_you": {
        "en": "If you did not ask for it, close this page.",
        "de": "Wenn Sie es nicht angefordert haben, schließen Sie diese Seite.",
    },
    "optin.done.title": {"en": "Confirmed", "de": "Bestätigt"},
    "optin.done.text": {
        "en": "You get {topic} from now on. Every mail has a link that ends it.",
        "de": "Sie erhalten ab jetzt {topic}. In jeder Mail steht ein Link, der das beendet.",
    },
    "optin.over.title": {"en": "This link is over", "de": "Dieser Link gilt nicht mehr"},
    "optin.over.text": {
        "en": "It was good for 7 days, or a newer one took its place.",
        "de": "Er galt 7 Tage, oder ein neuerer ersetzt ihn.",
    },
    "optin.over.button": {"en": "Send a new link", "de": "Neuen Link senden"},
    "optin.sent.title": {"en": "Look into your mailbox", "de": "Sehen Sie in Ihr Postfach"},
    "optin.sent.text": {
        "en": "A new link is on its way to the same address.",
        "de": "Ein neuer Link ist an dieselbe Adresse unterwegs.",
    },
    "choices.title": {"en": "What may we write to you about?", "de": "Worüber dürfen wir Ihnen schreiben?"},
    "choices.topics": {"en": "Tick what you want to get.", "de": "Kreuzen Sie an, was Sie erhalten möchten."},
    "choices.save": {"en": "Save", "de": "Speichern"},
    "choices.pause": {"en": "Silence for 30 days", "de": "30 Tage Ruhe"},
    "choices.resume": {"en": "End the silence", "de": "Ruhe beenden"},
    "choices.leave": {"en": "Never write to me again", "de": "Schreiben Sie mir nie wieder"},
    "choices.saved": {"en": "Saved.", "de": "Gespeichert."},
    "choices.paused": {"en": "You hear nothing from us until {day}.", "de": "Sie hören bis {day} nichts von uns."},
    "choices.resumed": {"en": "The silence is over.", "de": "Die Ruhe ist zu Ende."},
    "choices.all_off": {
        "en": "You get nothing more. Tick a topic and save, if that was a mistake.",
        "de": "Sie erhalten nichts mehr. War das ein Versehen, kreuzen Sie ein Thema an und speichern Sie.",
    },
    "choices.goes_on": {
        "en": "Answers to your questions and mails about an order still reach you.",
        "de": "Antworten auf Ihre Fragen und Mails zu einer Bestellung erreichen Sie weiterhin.",
    },
    "choices.gone.title": {
        "en": "Nothing is sent to you by this link",
        "de": "Über diesen Link wird Ihnen nichts gesendet",
    },
    "choices.gone.text": {
        "en": "It names nobody any more, or it is not complete.",
        "de": "Er nennt niemanden mehr, oder er ist unvollständig.",
    },
}
