//! Words of objects and of what happens to them, French and English: a type of event is both.

use super::Words;

/// What objects are called.
pub(super) const RESOURCES: Words = &[
    ("organization", ["Organisme", "Organization"]),
    ("user", ["Compte", "User"]),
    ("service_account", ["Compte de service", "Service account"]),
    ("api_key", ["Clé d'API", "API key"]),
    ("webhook", ["Webhook", "Webhook"]),
    (
        "webhook_delivery",
        ["Envoi d'un webhook", "Delivery of a webhook"],
    ),
    (
        "identity_provider",
        ["Fournisseur d'identité", "Identity provider"],
    ),
    ("import", ["Import", "Import"]),
    ("candidate", ["Candidat", "Candidate"]),
    ("booklet", ["Livret", "Booklet"]),
    (
        "booklet_member",
        ["Membre du livret", "Member of the booklet"],
    ),
    ("break_glass", ["Bris de glace", "Break-glass"]),
    (
        "contract_template",
        ["Modèle de contrat", "Contract template"],
    ),
    ("pledge", ["Engagement", "Pledge"]),
    ("contract", ["Contrat", "Contract"]),
    ("objective", ["Objectif", "Objective"]),
    ("plan_template", ["Modèle de plan", "Plan template"]),
    ("plan", ["Plan", "Plan"]),
    ("plan_step", ["Étape du plan", "Step of the plan"]),
    ("stage_progress", ["Étape de la VAE", "Stage of the VAE"]),
    ("useful_address", ["Adresse utile", "Useful address"]),
    (
        "personal_contact",
        ["Contact personnel", "Personal contact"],
    ),
    ("appointment", ["Rendez-vous", "Appointment"]),
    ("action_sheet", ["Fiche action", "Action sheet"]),
    (
        "sheet_item",
        ["Élément d'une fiche action", "Item of an action sheet"],
    ),
    ("completed_action", ["Action réalisée", "Completed action"]),
    ("follow_up", ["Suivi", "Follow-up"]),
    ("note", ["Note", "Note"]),
];

/// What happens to them.
pub(super) const VERBS: Words = &[
    ("activated", ["activation", "activated"]),
    ("address_lost", ["adresse cédée", "address lost"]),
    ("agreed", ["validation", "agreed"]),
    ("applied", ["application", "applied"]),
    ("archived", ["archivage", "archived"]),
    ("cancelled", ["annulation", "cancelled"]),
    ("carried_on", ["report", "carried on"]),
    ("checked", ["vérification", "checked"]),
    ("closed", ["clôture", "closed"]),
    ("created", ["création", "created"]),
    ("deleted", ["suppression", "deleted"]),
    ("disabled", ["désactivation", "disabled"]),
    (
        "email_change_requested",
        ["changement d'adresse demandé", "another address asked for"],
    ),
    ("email_changed", ["adresse changée", "address changed"]),
    ("enabled", ["réactivation", "enabled"]),
    ("ended", ["fin", "ended"]),
    ("failed", ["échec", "failed"]),
    ("in_force", ["entrée en vigueur", "in force"]),
    (
        "invitation_issued",
        ["invitation émise", "invitation issued"],
    ),
    ("locked", ["verrouillage", "locked"]),
    ("merged", ["fusion", "merged"]),
    ("opened", ["ouverture", "opened"]),
    ("ordered", ["nouvel ordre", "ordered"]),
    (
        "other_sessions_ended",
        ["autres sessions fermées", "other sessions ended"],
    ),
    (
        "password_changed",
        ["mot de passe changé", "password changed"],
    ),
    (
        "password_reset",
        ["mot de passe renouvelé", "password reset"],
    ),
    (
        "password_reset_requested",
        ["nouveau mot de passe demandé", "new password asked for"],
    ),
    ("postponed", ["report", "postponed"]),
    ("proposed", ["proposition", "proposed"]),
    ("redelivered", ["nouvel envoi", "redelivered"]),
    (
        "refresh_token_reused",
        ["jeton de session réutilisé", "refresh token reused"],
    ),
    ("reopened", ["réouverture", "reopened"]),
    ("resumed", ["reprise", "resumed"]),
    ("revoked", ["révocation", "revoked"]),
    ("rotated", ["renouvellement du secret", "secret rotated"]),
    ("session_ended", ["session fermée", "session ended"]),
    ("settled", ["réglé", "settled"]),
    ("signed", ["signature", "signed"]),
    ("signed_out", ["déconnexion", "signed out"]),
    ("submitted", ["soumission", "submitted"]),
    ("superseded", ["remplacement", "superseded"]),
    ("suspended", ["suspension", "suspended"]),
    ("terminated", ["résiliation", "terminated"]),
    ("tried", ["essai", "tried"]),
    ("updated", ["modification", "updated"]),
    ("withdrawn", ["retrait", "withdrawn"]),
];
