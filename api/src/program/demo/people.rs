//! Who the demo is about: invented people, who join as people do, by invitation.

use actix_web::http::Method;
use serde_json::json;

use super::scene::Scene;

/// The password of every demo account.
pub const PASSWORD: &str = "livret de demonstration";

pub(super) const ADMIN: &str = "admin@livret.example";

/// When the two organizations start, in days from today.
pub(super) const FIRST_DAY: i64 = -240;

/// Day of arrival, organization, role, name in the stories, given and family name, e-mail.
type Arrival = (
    i64,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
);

#[rustfmt::skip]
const PEOPLE: [Arrival; 21] = [
    (-240, "horizon", "coordinator", "claire",    "Claire",    "Fontaine", "coordinatrice@horizon.example"),
    (-240, "horizon", "coordinator", "mamadou",   "Mamadou",   "Diallo",   "mamadou.diallo@horizon.example"),
    (-239, "horizon", "tutor",       "lea",       "Léa",       "Marchand", "tutrice@horizon.example"),
    (-239, "horizon", "tutor",       "yann",      "Yann",      "Le Goff",  "yann.legoff@horizon.example"),
    (-239, "horizon", "tutor",       "aminata",   "Aminata",   "Traoré",   "aminata.traore@horizon.example"),
    (-238, "horizon", "prescriber",  "paul",      "Paul",      "Vidal",    "prescripteur@horizon.example"),
    (-238, "horizon", "validator",   "helene",    "Hélène",    "Roux",     "certificatrice@horizon.example"),
    (-210, "horizon", "candidate",   "samira",    "Samira",    "Benali",   "candidate@horizon.example"),
    (-20,  "horizon", "candidate",   "joao",      "João",      "Pereira",  "joao.pereira@horizon.example"),
    (-30,  "horizon", "candidate",   "linh",      "Linh",      "Nguyen",   "linh.nguyen@horizon.example"),
    (-25,  "horizon", "candidate",   "fatou",     "Fatou",     "Sow",      "fatou.sow@horizon.example"),
    (-240, "rivage",  "coordinator", "gwenael",   "Gwenaël",   "Morvan",   "coordinateur@rivage.example"),
    (-240, "rivage",  "coordinator", "ines",      "Inès",      "Garcia",   "ines.garcia@rivage.example"),
    (-239, "rivage",  "tutor",       "remi",      "Rémi",      "Hoarau",   "remi.hoarau@rivage.example"),
    (-239, "rivage",  "tutor",       "nora",      "Nora",      "Haddad",   "nora.haddad@rivage.example"),
    (-239, "rivage",  "tutor",       "thierry",   "Thierry",   "Lambert",  "thierry.lambert@rivage.example"),
    (-238, "rivage",  "prescriber",  "sandrine",  "Sandrine",  "Petit",    "sandrine.petit@rivage.example"),
    (-238, "rivage",  "validator",   "olivier",   "Olivier",   "Kaya",     "olivier.kaya@rivage.example"),
    (-160, "rivage",  "candidate",   "rita",      "Rita",      "Da Silva", "rita.dasilva@rivage.example"),
    (-230, "rivage",  "candidate",   "ahmed",     "Ahmed",     "Rahimi",   "ahmed.rahimi@rivage.example"),
    (-45,  "rivage",  "candidate",   "oksana",    "Oksana",    "Melnyk",   "oksana.melnyk@rivage.example"),
];

/// The admin makes the organizations and their first coordinators, who invite the others.
pub(super) fn arrivals() -> Vec<Scene> {
    let mut scenes = vec![
        organization("horizon", "Horizon Formation", "Toulouse"),
        organization("rivage", "Rivage Compétences", "Nantes"),
    ];
    for (day, organization, role, name, given_name, family_name, email) in PEOPLE {
        let host = match (name, organization) {
            ("claire" | "gwenael", _) => "admin",
            (_, "horizon") => "claire",
            _ => "gwenael",
        };
        let home = (host == "admin").then(|| format!("${organization}"));
        let body = json!({
            "email": email, "given_name": given_name, "family_name": family_name, "role": role,
            "organization_id": home,
        });
        let invitation = format!("/v1/users/${name}/invitation");
        let accepted = json!({ "token": format!("${name}.token"), "password": PASSWORD });
        scenes.extend([
            Scene::new(day, host, Method::POST, "/v1/users")
                .with(body)
                .called(name),
            Scene::new(day, host, Method::POST, &invitation).called(name),
            Scene::new(day, "-", Method::POST, "/v1/auth/invitations/accept").with(accepted),
        ]);
    }
    scenes
}

fn organization(name: &str, title: &str, town: &str) -> Scene {
    let body = json!({
        "name": title, "address": format!("12 rue des Lilas, {town}"), "phone": "+33500000012",
        "email": format!("contact@{name}.example"), "retention_months": 36,
    });
    Scene::new(FIRST_DAY, "admin", Method::POST, "/v1/organizations")
        .with(body)
        .called(name)
}
