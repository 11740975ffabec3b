//! Where the links sent by mail lead: one form each, for people in a hurry and on a telephone.

use actix_web::HttpResponse;

use super::{escaped, frame};
use crate::foundation::problem::catalogue::pick;
use crate::program::pages::Reader;

/// A page with one form.
struct Form {
    /// What it posts to.
    action: &'static str,
    /// Whether the token of the address goes along.
    has_token: bool,
    field: Field,
    title: &'static str,
    intro: &'static str,
    button: &'static str,
    done: &'static str,
}

#[derive(Clone, Copy)]
enum Field {
    Email,
    Password,
    None,
}

impl Field {
    fn html(self, reader: &Reader) -> String {
        let (name, label, attributes) = match self {
            Self::Email => (
                "email",
                pick(["Adresse électronique", "E-mail address"], reader.locale),
                "type=\"email\" minlength=\"3\" maxlength=\"254\" autocomplete=\"email\"",
            ),
            Self::Password => (
                "password",
                pick(
                    [
                        "Mot de passe (8 caractères au moins)",
                        "Password (at least 8 characters)",
                    ],
                    reader.locale,
                ),
                "type=\"password\" minlength=\"8\" maxlength=\"128\" autocomplete=\"new-password\"",
            ),
            Self::None => return String::new(),
        };
        format!(
            "<label for=\"{name}\">{label}</label>\
             <input id=\"{name}\" name=\"{name}\" required {attributes}>"
        )
    }
}

/// Where somebody invited chooses a password.
pub(crate) fn invitation(reader: &Reader, front: Option<&str>) -> HttpResponse {
    let form = |[title, intro, button, done]: [&'static str; 4]| Form {
        action: "/v1/auth/invitations/accept",
        has_token: true,
        field: Field::Password,
        title,
        intro,
        button,
        done,
    };
    let texts = [
        [
            "Bienvenue",
            "Choisissez un mot de passe pour ouvrir votre livret. Une phrase de plusieurs mots est \
             facile à retenir et difficile à deviner.",
            "Activer mon compte",
            "Votre compte est prêt. Vous pouvez vous connecter.",
        ],
        [
            "Welcome",
            "Choose a password to open your booklet. A phrase of several words is easy to remember \
             and hard to guess.",
            "Activate my account",
            "Your account is ready. You can log in.",
        ],
    ];
    show(reader, front, &form(pick(texts, reader.locale)))
}

/// Where somebody asks for a link.
pub(crate) fn forgotten_password(reader: &Reader, front: Option<&str>) -> HttpResponse {
    let form = |[title, intro, button, done]: [&'static str; 4]| Form {
        action: "/v1/auth/password-reset",
        has_token: false,
        field: Field::Email,
        title,
        intro,
        button,
        done,
    };
    let texts = [
        [
            "Mot de passe oublié",
            "Donnez l'adresse électronique de votre compte. Vous y recevrez un lien pour choisir un \
             nouveau mot de passe.",
            "Recevoir le lien",
            "Si un compte a cette adresse, un message est parti. Il arrive dans quelques minutes. \
             Regardez aussi dans les courriers indésirables.",
        ],
        [
            "Forgotten password",
            "Give the e-mail address of your account. You will receive a link there to choose a new \
             password.",
            "Send me the link",
            "If an account has this address, a message has left. It arrives within a few minutes. \
             Look among unwanted mails too.",
        ],
    ];
    show(reader, front, &form(pick(texts, reader.locale)))
}

/// Where that link leads.
pub(crate) fn password_reset(reader: &Reader, front: Option<&str>) -> HttpResponse {
    let form = |[title, intro, button, done]: [&'static str; 4]| Form {
        action: "/v1/auth/password-reset/confirm",
        has_token: true,
        field: Field::Password,
        title,
        intro,
        button,
        done,
    };
    let texts = [
        [
            "Nouveau mot de passe",
            "Choisissez un nouveau mot de passe. Une phrase de plusieurs mots est facile à retenir et \
             difficile à deviner.",
            "Changer mon mot de passe",
            "Votre mot de passe a changé. Vous pouvez vous connecter.",
        ],
        [
            "New password",
            "Choose a new password. A phrase of several words is easy to remember and hard to guess.",
            "Change my password",
            "Your password has changed. You can log in.",
        ],
    ];
    show(reader, front, &form(pick(texts, reader.locale)))
}

/// Where the link to a new e-mail address leads: mail scanners follow links, so a person confirms.
pub(crate) fn email_confirmation(reader: &Reader, front: Option<&str>) -> HttpResponse {
    let form = |[title, intro, button, done]: [&'static str; 4]| Form {
        action: "/v1/auth/email/confirm",
        has_token: true,
        field: Field::None,
        title,
        intro,
        button,
        done,
    };
    let texts = [
        [
            "Nouvelle adresse électronique",
            "Vous voulez utiliser cette nouvelle adresse pour vous connecter à Livret.",
            "Confirmer cette adresse",
            "Votre adresse a changé. Utilisez-la pour vous connecter.",
        ],
        [
            "New e-mail address",
            "You want to use this new address to log in to Livret.",
            "Confirm this address",
            "Your address has changed. Use it to log in.",
        ],
    ];
    show(reader, front, &form(pick(texts, reader.locale)))
}

/// The page of a form; when that is done, it shows the way to the front-end.
fn show(reader: &Reader, front: Option<&str>, form: &Form) -> HttpResponse {
    let lost = pick(
        [
            "Le service ne répond pas. Réessayez dans un instant.",
            "The service does not answer. Try again in a moment.",
        ],
        reader.locale,
    );
    let Form {
        action,
        intro,
        button,
        done,
        ..
    } = form;
    let token = if form.has_token { " data-token" } else { "" };
    let field = form.field.html(reader);
    let go_on = pick(["Aller à Livret", "Go to Livret"], reader.locale);
    let next = front.map_or_else(String::new, |front| {
        format!(
            "<p data-next hidden><a href=\"{}\">{go_on}</a></p>\n",
            escaped(front)
        )
    });
    let content = format!(
        "<p>{intro}</p>\n<form data-action=\"{action}\"{token} data-done=\"{done}\" \
         data-lost=\"{lost}\">{field}<button>{button}</button></form>\n\
         <p role=\"status\"></p>\n{next}<script src=\"/account.js\" defer></script>"
    );
    frame(reader, form.title, "", &content)
}
