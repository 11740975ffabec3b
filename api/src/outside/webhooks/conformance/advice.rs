//! What to put right in a receiver, in French and English.

use entity::values::{DeliveryError, Locale};

use super::dto::{ConformanceCall, Scene};
use crate::foundation::problem::catalogue::pick;

/// What to check oneself where an answer of 2xx is all that is seen from here.
#[rustfmt::skip]
pub(super) fn to_check(scene: Scene, locale: Locale) -> Option<&'static str> {
    let texts = match scene {
        Scene::Duplicate => [
            "D'ici, on ne voit que la réponse 2xx. Vérifiez chez vous que ce webhook-id, reçu deux fois, n'a eu qu'un effet.",
            "All that is seen from here is the 2xx. Check on your side that this webhook-id, received twice, had one effect.",
        ],
        Scene::Disorder => [
            "D'ici, on ne voit que les réponses 2xx. Vérifiez chez vous que le second message, dont sequence est plus petite, n'a rien changé.",
            "All that is seen from here are the 2xx. Check on your side that the second message, whose sequence is lower, changed nothing.",
        ],
        Scene::Good | Scene::BadSignature | Scene::OldTimestamp => return None,
    };
    Some(pick(texts, locale))
}

/// What to do about this answer, which is not the one that a receiver gives in this scene.
#[rustfmt::skip]
pub(super) fn advice(scene: Scene, call: &ConformanceCall, locale: Locale) -> &'static str {
    let status = call.status.unwrap_or_default();
    pick(match (call.error, scene) {
        (Some(DeliveryError::Address), _) => [
            "L'adresse mène à un réseau privé. Donnez une adresse https joignable depuis Internet.",
            "The address leads into a private network. Give an https address that can be reached from the Internet.",
        ],
        (Some(DeliveryError::Timeout), _) => [
            "Pas de réponse en 5 secondes. Répondez 2xx dès que le message est enregistré, et traitez-le ensuite.",
            "No answer within 5 seconds. Answer 2xx as soon as the message is stored, and work on it afterwards.",
        ],
        (Some(_), _) => [
            "Personne ne répond à cette adresse, ou son certificat n'est pas reconnu. Vérifiez le nom, le port et le certificat.",
            "Nobody answers at this address, or its certificate is not trusted. Check name, port and certificate.",
        ],
        _ if (300..400).contains(&status) => [
            "Une redirection n'est jamais suivie. Donnez au webhook l'adresse finale.",
            "Redirects are never followed. Give the webhook the final address.",
        ],
        (_, Scene::Good) if (400..500).contains(&status) => [
            "Un message bien signé est refusé. Vérifiez le secret (whsec_…, le dernier donné), et calculez la signature sur le corps reçu, octet pour octet, avant de le lire comme du JSON. Un type inconnu est accepté aussi : répondez 2xx et ne faites rien.",
            "A message that is signed rightly is refused. Check the secret (whsec_…, the last one given), and compute the signature over the body as received, byte for byte, before it is read as JSON. An unknown type is accepted too: answer 2xx and do nothing.",
        ],
        (_, Scene::Good) => [
            "Le récepteur échoue sur un message correct. Lisez ses journaux, et répondez 2xx.",
            "The receiver fails on a good message. Read its logs, and answer 2xx.",
        ],
        (_, Scene::Duplicate) => [
            "Un message déjà reçu est refusé : il serait renvoyé pendant trois jours. Gardez les webhook-id reçus ; pour un identifiant connu, répondez 2xx et ne faites rien.",
            "A message that was received before is refused: it would be sent again for three days. Keep the webhook-id of each message; for a known one, answer 2xx and do nothing.",
        ],
        (_, Scene::Disorder) => [
            "Un message arrivé après un plus récent est refusé. Les messages arrivent dans n'importe quel ordre : comparez sequence et version avec ce que vous avez, ignorez ce qui est plus ancien, et répondez 2xx.",
            "A message that came after a newer one is refused. Messages come in any order: compare sequence and version with what you have, ignore what is older, and answer 2xx.",
        ],
        (_, Scene::BadSignature) if (200..300).contains(&status) => [
            "Un message signé avec un autre secret est accepté : n'importe qui peut vous écrire. Vérifiez webhook-signature avec une bibliothèque Standard Webhooks, et répondez 401.",
            "A message that is signed with another secret is accepted: anybody can write to you. Verify webhook-signature with a library of Standard Webhooks, and answer 401.",
        ],
        (_, Scene::OldTimestamp) if (200..300).contains(&status) => [
            "Un message vieux de dix minutes est accepté : qui l'a copié peut le rejouer. Refusez un webhook-timestamp à plus de cinq minutes de votre horloge, et répondez 401.",
            "A message that is ten minutes old is accepted: whoever copied it can play it again. Refuse a webhook-timestamp more than five minutes off your clock, and answer 401.",
        ],
        _ => [
            "Ce message est à refuser par un statut 4xx, 401 par exemple : le récepteur a échoué au lieu de le refuser.",
            "This message is to be refused with a 4xx status, 401 for instance: the receiver failed instead of refusing it.",
        ],
    }, locale)
}
