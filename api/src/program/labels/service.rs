//! Words of people, programs, files and trails, French and English.

use super::Words;

pub(super) const GROUPS: &[(&str, Words)] = &[
    (
        "AccessKind",
        &[
            ("sign_in", ["Connexion", "Sign-in"]),
            ("read", ["Consultation", "Read"]),
            ("write", ["Écriture refusée", "Refused write"]),
            ("gap", ["Lignes manquantes", "Missing lines"]),
        ],
    ),
    (
        "AccessOutcome",
        &[
            ("ok", ["Réussi", "Ok"]),
            ("refused", ["Refusé", "Refused"]),
            ("failed", ["En échec", "Failed"]),
        ],
    ),
    (
        "AddressCategory",
        &[
            (
                "point_relais_conseil",
                ["Point relais conseil", "Point relais conseil"],
            ),
            (
                "espace_conseil_vae",
                ["Espace conseil VAE", "Espace conseil VAE"],
            ),
            (
                "cep",
                [
                    "Conseil en évolution professionnelle",
                    "Career guidance (CEP)",
                ],
            ),
            ("tutor", ["Accompagnateur", "Tutor"]),
            ("prescriber", ["Prescripteur", "Prescriber"]),
            ("validator", ["Certificateur", "Certifying body"]),
            (
                "vae_support_provider",
                ["Organisme d'accompagnement VAE", "VAE support provider"],
            ),
            ("other", ["Autre", "Other"]),
        ],
    ),
    (
        "DeliveryError",
        &[
            ("address", ["Adresse interdite", "Forbidden address"]),
            ("connection", ["Connexion impossible", "No connection"]),
            ("timeout", ["Délai dépassé", "Timeout"]),
            ("redirect", ["Redirection", "Redirect"]),
            ("status", ["Réponse en erreur", "Error status"]),
        ],
    ),
    (
        "DeliveryState",
        &[
            ("pending", ["En attente", "Pending"]),
            ("delivered", ["Remis", "Delivered"]),
            ("failed", ["Abandonné", "Failed"]),
            ("skipped", ["Passé", "Skipped"]),
        ],
    ),
    (
        "DisabledReason",
        &[
            ("asked", ["À la demande d'un coordinateur", "Asked for"]),
            ("gone", ["L'adresse n'existe plus", "Endpoint gone"]),
            (
                "failing",
                ["En échec depuis cinq jours", "Failing for five days"],
            ),
        ],
    ),
    (
        "Expected",
        &[
            ("accepted", ["Accepté", "Accepted"]),
            ("refused", ["Refusé", "Refused"]),
        ],
    ),
    (
        "ExportFilterName",
        &[
            ("updated_since", ["Modifié depuis", "Changed since"]),
            ("booklet_id", ["Livret", "Booklet"]),
        ],
    ),
    (
        "ImportFormat",
        &[
            ("csv", ["CSV", "CSV"]),
            ("json_lines", ["JSON, une ligne par objet", "JSON lines"]),
            ("xlsx", ["classeur XLSX", "XLSX workbook"]),
        ],
    ),
    (
        "ImportMode",
        &[
            ("all_or_nothing", ["Tout ou rien", "All or nothing"]),
            ("valid_rows", ["Lignes sans faute", "Rows without fault"]),
        ],
    ),
    (
        "ImportOutcome",
        &[
            ("created", ["Créé", "Created"]),
            ("updated", ["Modifié", "Updated"]),
            ("unchanged", ["Inchangé", "Unchanged"]),
        ],
    ),
    (
        "ImportResource",
        &[
            ("candidates", ["Candidats", "Candidates"]),
            ("booklets", ["Livrets", "Booklets"]),
            ("useful_addresses", ["Adresses utiles", "Useful addresses"]),
        ],
    ),
    (
        "ImportState",
        &[
            ("checking", ["En vérification", "Checking"]),
            ("ready", ["Vérifié, à appliquer", "Ready"]),
            ("applying", ["En cours d'application", "Applying"]),
            ("done", ["Appliqué", "Done"]),
            ("failed", ["En échec", "Failed"]),
            ("cancelled", ["Annulé", "Cancelled"]),
        ],
    ),
    (
        "Locale",
        &[
            ("fr", ["Français", "French"]),
            ("en", ["Anglais", "English"]),
        ],
    ),
    (
        "MailKind",
        &[
            ("invitation", ["Invitation", "Invitation"]),
            ("password_reset", ["Nouveau mot de passe", "New password"]),
            (
                "password_changed",
                ["Mot de passe changé", "Password changed"],
            ),
            (
                "email_change",
                ["Confirmation d'adresse", "Confirmation of an address"],
            ),
            (
                "email_change_notice",
                ["Avis de changement d'adresse", "Notice of another address"],
            ),
            (
                "break_glass_notice",
                ["Avis de bris de glace", "Notice of break-glass"],
            ),
            (
                "webhook_disabled",
                ["Webhook désactivé", "Webhook disabled"],
            ),
            (
                "paper_signature_notice",
                [
                    "Avis de signature sur papier",
                    "Notice of a signature on paper",
                ],
            ),
            (
                "service_account_notice",
                [
                    "Avis sur un compte de service",
                    "Notice of a service account",
                ],
            ),
        ],
    ),
    (
        "MailState",
        &[
            ("pending", ["En attente", "Pending"]),
            ("sent", ["Envoyé", "Sent"]),
            ("failed", ["Non envoyé", "Failed"]),
        ],
    ),
    (
        "PreferredChannel",
        &[
            ("email", ["Courriel", "E-mail"]),
            ("sms", ["SMS", "Text message"]),
            ("phone", ["Téléphone", "Phone"]),
            ("mail", ["Courrier", "Letter"]),
        ],
    ),
    (
        "ResumeFrom",
        &[
            (
                "where_it_stopped",
                ["Là où il s'est arrêté", "Where it stopped"],
            ),
            ("now", ["Maintenant", "Now"]),
        ],
    ),
    (
        "Role",
        &[
            ("candidate", ["Candidat", "Candidate"]),
            ("tutor", ["Accompagnateur", "Tutor"]),
            ("coordinator", ["Coordinateur", "Coordinator"]),
            ("prescriber", ["Prescripteur", "Prescriber"]),
            ("validator", ["Certificateur", "Validator"]),
            ("integration", ["Compte de service", "Service account"]),
            (
                "admin",
                [
                    "Administrateur de la plateforme",
                    "Administrator of the platform",
                ],
            ),
        ],
    ),
    (
        "Scene",
        &[
            ("good", ["Message correct", "Good message"]),
            ("duplicate", ["Message répété", "Repeated message"]),
            (
                "disorder",
                ["Messages en désordre", "Messages out of order"],
            ),
            ("bad_signature", ["Signature fausse", "Wrong signature"]),
            ("old_timestamp", ["Horodatage trop ancien", "Old timestamp"]),
        ],
    ),
    (
        "SceneResult",
        &[
            ("passed", ["Réussi", "Passed"]),
            ("failed", ["Échoué", "Failed"]),
            ("not_played", ["Non joué", "Not played"]),
        ],
    ),
    (
        "Scope",
        &[
            ("booklets:read", ["Lire les livrets", "Read booklets"]),
            ("booklets:write", ["Écrire les livrets", "Write booklets"]),
            ("candidates:read", ["Lire les candidats", "Read candidates"]),
            (
                "candidates:write",
                ["Écrire les candidats", "Write candidates"],
            ),
            ("directory:read", ["Lire l'annuaire", "Read the directory"]),
            (
                "directory:write",
                ["Écrire l'annuaire", "Write the directory"],
            ),
            (
                "appointments:read",
                ["Lire les rendez-vous", "Read appointments"],
            ),
            (
                "appointments:write",
                ["Écrire les rendez-vous", "Write appointments"],
            ),
            ("follow-ups:read", ["Lire les suivis", "Read follow-ups"]),
            (
                "follow-ups:write",
                ["Écrire les suivis", "Write follow-ups"],
            ),
            ("users:read", ["Lire les comptes", "Read users"]),
            ("users:write", ["Écrire les comptes", "Write users"]),
            ("events:read", ["Lire les changements", "Read changes"]),
        ],
    ),
    (
        "UserState",
        &[
            ("invited", ["Invité", "Invited"]),
            ("active", ["Actif", "Active"]),
            ("disabled", ["Désactivé", "Disabled"]),
        ],
    ),
    (
        "WebhookState",
        &[
            ("active", ["Actif", "Active"]),
            ("disabled", ["Désactivé", "Disabled"]),
        ],
    ),
];
