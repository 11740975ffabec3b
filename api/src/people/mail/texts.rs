//! What the mails say, in French and English, in plain words.

use entity::values::{Locale, MailKind};

use crate::foundation::problem::catalogue::pick;

/// A mail's subject and body. Nothing in the subject comes from people.
pub(super) struct Text {
    pub(super) subject: &'static str,
    pub(super) body: String,
}

/// Who writes, so that the mail is known for what it is.
#[derive(Clone, Copy, Default)]
pub(super) struct Sender<'a> {
    /// The name of the reader's organization, which people chose.
    pub(super) organization: Option<&'a str>,
    /// Where people work.
    pub(super) front: Option<&'a str>,
}

/// The mail of this kind to somebody of this given name.
pub(super) fn write(
    kind: MailKind,
    locale: Locale,
    name: &str,
    link: &str,
    sender: Sender<'_>,
) -> Text {
    let (subject, message) = pick(texts(kind), locale);
    let [hello, farewell, of, at] = pick(
        [
            [
                "Bonjour",
                "Ce message est automatique : merci de ne pas y répondre.\n\nLivret – accompagnement VAE",
                "Organisme : ",
                "Pour vous connecter : ",
            ],
            [
                "Hello",
                "This message is automatic: please do not reply.\n\nLivret – support for the VAE",
                "Organization: ",
                "To log in: ",
            ],
        ],
        locale,
    );
    let name = within_its_line(name);
    let organization = sender.organization.map(within_its_line);
    let signature: String = [(of, organization.as_deref()), (at, sender.front)]
        .into_iter()
        .filter_map(|(what, text)| Some(format!("{what}{}\n", text?)))
        .collect();
    let message = message.replace("{link}", link);
    Text {
        subject,
        body: format!("{hello} {name},\n\n{message}\n\n{farewell}\n{signature}"),
    }
}

/// A name, whatever it holds, as a part of one line.
fn within_its_line(name: &str) -> String {
    name.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn texts(kind: MailKind) -> [(&'static str, &'static str); 2] {
    match kind {
        MailKind::Invitation => [
            (
                "Votre invitation à ouvrir votre compte Livret",
                "Un compte vous attend dans Livret, le livret d'accompagnement VAE.\n\n\
                 Pour l'ouvrir, cliquez sur ce lien et choisissez un mot de passe :\n\n{link}\n\n\
                 Ce lien marche une seule fois, pendant 14 jours.\n\
                 Gardez-le pour vous : il donne accès à votre compte.\n\
                 Si cette adresse ouvrait un autre compte, jamais confirmé, elle ouvrira celui-ci à sa place.\n\n\
                 Vous ne savez pas de quoi il s'agit ? Ne faites rien.",
            ),
            (
                "Your invitation to open your Livret account",
                "An account is waiting for you in Livret, the booklet of the VAE.\n\n\
                 To open it, follow this link and choose a password:\n\n{link}\n\n\
                 This link works once, for 14 days.\n\
                 Keep it to yourself: it gives access to your account.\n\
                 If this address opened another account that was never confirmed, it opens this one in its place.\n\n\
                 You do not know what this is about? Do nothing.",
            ),
        ],
        MailKind::PasswordReset => [
            (
                "Choisir un nouveau mot de passe",
                "Vous avez demandé un nouveau mot de passe pour Livret.\n\n\
                 Pour le choisir, cliquez sur ce lien :\n\n{link}\n\n\
                 Ce lien marche une seule fois, pendant 1 heure.\n\n\
                 Vous n'avez rien demandé ? Ne faites rien : votre mot de passe ne change pas.",
            ),
            (
                "Choose a new password",
                "You asked for a new password for Livret.\n\n\
                 To choose it, follow this link:\n\n{link}\n\n\
                 This link works once, for 1 hour.\n\n\
                 You did not ask? Do nothing: your password stays as it is.",
            ),
        ],
        MailKind::PasswordChanged => [
            (
                "Votre mot de passe a changé",
                "Le mot de passe de votre compte Livret vient de changer.\n\
                 Vos autres appareils sont déconnectés.\n\n\
                 Ce n'est pas vous ? Prévenez tout de suite votre organisme, \
                 et choisissez un nouveau mot de passe ici :\n\n{link}",
            ),
            (
                "Your password has changed",
                "The password of your Livret account has just changed.\n\
                 Your other devices are signed out.\n\n\
                 Was it not you? Tell your organization at once, \
                 and choose a new password here:\n\n{link}",
            ),
        ],
        MailKind::EmailChange => [
            (
                "Confirmez votre nouvelle adresse électronique",
                "Cette adresse électronique doit servir à votre compte Livret.\n\n\
                 Pour la confirmer, cliquez sur ce lien :\n\n{link}\n\n\
                 Ce lien marche une seule fois, pendant 24 heures.\n\n\
                 Vous n'avez rien demandé ? Ne faites rien.",
            ),
            (
                "Confirm your new e-mail address",
                "This e-mail address is to serve your Livret account.\n\n\
                 To confirm it, follow this link:\n\n{link}\n\n\
                 This link works once, for 24 hours.\n\n\
                 You did not ask? Do nothing.",
            ),
        ],
        MailKind::EmailChangeNotice => [
            (
                "L'adresse électronique de votre compte va changer",
                "Une autre adresse électronique doit remplacer celle-ci dans votre compte Livret.\n\n\
                 Vous le savez ? Vous n'avez rien à faire.\n\n\
                 Vous ne le saviez pas ? Prévenez tout de suite votre organisme.",
            ),
            (
                "The e-mail address of your account is about to change",
                "Another e-mail address is to replace this one in your Livret account.\n\n\
                 You know about it? You have nothing to do.\n\n\
                 You did not know? Tell your organization at once.",
            ),
        ],
        MailKind::WebhookDisabled => [
            (
                "Livret n'envoie plus rien à un autre logiciel",
                "Livret prévenait un autre logiciel des changements dans vos livrets, à l'adresse :\n\n{link}\n\n\
                 Ce logiciel ne répond plus comme il faut. Livret ne lui envoie plus rien.\n\
                 Rien n'est perdu : tout repartira d'où cela s'est arrêté.\n\n\
                 Prévenez la personne qui s'occupe de ce logiciel. Quand il marche à nouveau, \
                 réactivez son webhook dans Livret.",
            ),
            (
                "Livret has stopped telling another system of changes",
                "Livret told another system of the changes in your booklets, at this address:\n\n{link}\n\n\
                 That system no longer answers as it should. Livret sends it nothing more.\n\
                 Nothing is lost: all will go on from where it stopped.\n\n\
                 Tell the person who looks after that system. When it works again, \
                 enable its webhook in Livret.",
            ),
        ],
        MailKind::BreakGlassNotice => [
            (
                "Un livret de votre organisme vient d'être ouvert",
                "Un administrateur de la plateforme vient d'ouvrir, pour le lire, \
                 un livret de votre organisme, dont voici la référence :\n\n{link}\n\n\
                 Qui, pourquoi et jusqu'à quand : le livret le dit. \
                 Le candidat et son accompagnateur le voient aussi.\n\n\
                 Vous le savez ? Vous n'avez rien à faire.\n\n\
                 Vous ne le saviez pas ? Vous pouvez y mettre fin tout de suite dans Livret, \
                 et demander à la plateforme pourquoi.",
            ),
            (
                "A booklet of your organization has just been opened",
                "An administrator of the platform has just opened, to read it, \
                 a booklet of your organization. Its reference:\n\n{link}\n\n\
                 Who, why and until when: the booklet tells. \
                 The candidate and their tutor see it too.\n\n\
                 You know about it? You have nothing to do.\n\n\
                 You did not know? You can end it at once in Livret, \
                 and ask the platform why.",
            ),
        ],
        MailKind::ServiceAccountNotice => [
            (
                "Un logiciel garde son accès à vos livrets",
                "La personne qui a donné à d'autres logiciels un accès à vos livrets n'est plus \
                 coordinatrice de votre organisme, ou son compte est désactivé. Ces accès marchent encore :\n\n{link}\n\n\
                 Ils servent encore ? Donnez-leur un nouveau secret dans Livret.\n\n\
                 Ils ne servent plus ? Révoquez-les.",
            ),
            (
                "A program keeps its access to your booklets",
                "Whoever gave other programs access to your booklets is no longer a coordinator \
                 of your organization, or their account is disabled. These accesses still work:\n\n{link}\n\n\
                 They are still of use? Give them a new secret in Livret.\n\n\
                 They are not? Revoke them.",
            ),
        ],
        MailKind::PaperSignatureNotice => [
            (
                "Votre signature sur papier vient d'être enregistrée",
                "Quelqu'un de votre organisme vient d'enregistrer dans Livret que vous avez signé \
                 votre contrat sur papier. La référence de votre livret :\n\n{link}\n\n\
                 Vous avez bien signé ? Vous n'avez rien à faire.\n\n\
                 Vous n'avez pas signé ? Prévenez tout de suite votre organisme : \
                 le contrat dit qui l'a enregistrée.",
            ),
            (
                "Your signature on paper has just been recorded",
                "Somebody of your organization has just recorded in Livret that you signed \
                 your contract on paper. The reference of your booklet:\n\n{link}\n\n\
                 You did sign? You have nothing to do.\n\n\
                 You did not? Tell your organization at once: \
                 the contract says who recorded it.",
            ),
        ],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use sea_orm::Iterable;

    #[test]
    fn a_name_cannot_add_lines_of_its_own() {
        let name = "Zoé\r\nBcc: everybody@livret.example\n\nhttps://elsewhere.example";
        let text = write(
            MailKind::Invitation,
            Locale::Fr,
            name,
            "https://x.example",
            Sender::default(),
        );
        let first = text.body.lines().next().unwrap();
        assert!(first.starts_with("Bonjour Zoé Bcc:") && first.ends_with(".example,"));
    }

    #[test]
    fn a_mail_says_whose_it_is_and_where_people_work() {
        let sender = Sender {
            organization: Some("Horizon\nCompétences"),
            front: Some("https://app.example"),
        };
        let link = "https://livret.example/invitation#token=t";
        let text = write(MailKind::Invitation, Locale::Fr, "Samira", link, sender);
        let last = "\nOrganisme : Horizon Compétences\nPour vous connecter : https://app.example\n";
        assert!(text.body.ends_with(last), "{}", text.body);
    }

    #[test]
    fn each_mail_is_written_in_both_languages() {
        for kind in MailKind::iter() {
            let [french, english] = [Locale::Fr, Locale::En].map(|locale| {
                write(
                    kind,
                    locale,
                    "Samira",
                    "https://livret.example/x#token=t",
                    Sender::default(),
                )
            });
            assert!(french.body.starts_with("Bonjour Samira,"));
            assert!(english.body.starts_with("Hello Samira,"));
            assert_ne!(french.subject, english.subject);
            for text in [french, english] {
                assert!(!text.body.contains('{'), "{}", text.body);
                let links = text.body.matches("https://").count();
                assert_eq!(links, usize::from(kind != MailKind::EmailChangeNotice));
            }
        }
    }
}
