//! Words of the booklet's pages, French and English.

use super::Words;

pub(super) const GROUPS: &[(&str, Words)] = &[
    (
        "Activity",
        &[
            ("interview", ["Entretien", "Interview"]),
            ("workshop", ["Atelier", "Workshop"]),
        ],
    ),
    (
        "Answer",
        &[
            ("done", ["Fait", "Done"]),
            ("dropped", ["Abandonné", "Dropped"]),
            ("carried_on", ["Reporté", "Carried on"]),
        ],
    ),
    (
        "AppointmentKind",
        &[
            ("interview", ["Entretien", "Interview"]),
            ("workshop", ["Atelier", "Workshop"]),
            (
                "jury_training",
                ["Entraînement au jury", "Training for the jury"],
            ),
            ("other", ["Autre", "Other"]),
        ],
    ),
    (
        "AppointmentMode",
        &[
            ("on_site", ["En présence", "On site"]),
            ("phone", ["Par téléphone", "By phone"]),
            ("video", ["En visio", "By video"]),
        ],
    ),
    (
        "AppointmentState",
        &[
            ("planned", ["Prévu", "Planned"]),
            ("held", ["Tenu", "Held"]),
            ("no_show", ["Absence non prévenue", "No show"]),
            ("excused", ["Absence excusée", "Excused"]),
            ("cancelled", ["Annulé", "Cancelled"]),
        ],
    ),
    (
        "BookletState",
        &[
            ("open", ["Ouvert", "Open"]),
            ("active", ["Actif", "Active"]),
            ("suspended", ["Suspendu", "Suspended"]),
            ("closed", ["Clos", "Closed"]),
            ("withdrawn", ["Abandonné", "Withdrawn"]),
        ],
    ),
    (
        "CertificationScope",
        &[
            ("full", ["Certification entière", "Whole certification"]),
            ("blocks", ["Blocs de compétences", "Competence blocks"]),
        ],
    ),
    (
        "CompletedSource",
        &[
            ("manual", ["Saisie à la main", "Written by hand"]),
            (
                "sheet",
                ["Reprise d'une fiche action", "Taken from an action sheet"],
            ),
        ],
    ),
    (
        "ContactMode",
        &[
            ("in_person", ["En présence", "In person"]),
            ("phone", ["Téléphone", "Phone"]),
            ("sms", ["SMS", "Text message"]),
            ("email", ["Courriel", "E-mail"]),
            ("video", ["Visio", "Video"]),
            ("mail", ["Courrier", "Letter"]),
            ("messaging", ["Messagerie", "Messaging"]),
            ("other", ["Autre", "Other"]),
        ],
    ),
    (
        "ContractState",
        &[
            ("draft", ["Brouillon", "Draft"]),
            ("proposed", ["Proposé à la signature", "Proposed"]),
            ("in_force", ["En vigueur", "In force"]),
            ("ended", ["Échu", "Ended"]),
            ("superseded", ["Remplacé par un avenant", "Superseded"]),
            ("terminated", ["Résilié", "Terminated"]),
        ],
    ),
    (
        "Direction",
        &[
            ("in", ["À l'initiative du candidat", "By the candidate"]),
            ("out", ["À notre initiative", "By us"]),
            ("none", ["Non précisé", "Not told"]),
        ],
    ),
    (
        "Grouping",
        &[
            ("individual", ["Individuel", "Individual"]),
            ("collective", ["Collectif", "Collective"]),
            ("either", ["Individuel ou collectif", "Either"]),
        ],
    ),
    (
        "ItemKind",
        &[
            ("document", ["À produire", "To produce"]),
            ("contact", ["À contacter", "To contact"]),
            ("task", ["À effectuer", "To do"]),
        ],
    ),
    (
        "ItemState",
        &[
            ("planned", ["À faire", "To do"]),
            ("done", ["Fait", "Done"]),
            ("dropped", ["Abandonné", "Dropped"]),
        ],
    ),
    (
        "MemberKind",
        &[
            ("tutor", ["Accompagnateur", "Tutor"]),
            ("substitute", ["Remplaçant", "Substitute"]),
            ("observer", ["Observateur", "Observer"]),
        ],
    ),
    (
        "FirstItemState",
        &[
            ("planned", ["À faire", "To do"]),
            ("done", ["Fait entre-temps", "Done meanwhile"]),
        ],
    ),
    (
        "Likeness",
        &[
            (
                "name_and_birth_date",
                [
                    "Mêmes noms et date de naissance",
                    "Same names and birth date",
                ],
            ),
            ("name", ["Mêmes noms", "Same names"]),
            ("email", ["Même courriel", "Same e-mail address"]),
            ("phone", ["Même téléphone", "Same telephone"]),
        ],
    ),
    (
        "ObjectiveKind",
        &[
            ("project", ["Projet", "Project"]),
            ("means", ["Moyens", "Means"]),
            (
                "expectation",
                [
                    "Attente envers l'accompagnateur",
                    "Expectation of the tutor",
                ],
            ),
            ("working", ["Objectif de travail", "Working objective"]),
        ],
    ),
    (
        "ObjectiveState",
        &[
            ("active", ["En cours", "Active"]),
            ("achieved", ["Atteint", "Achieved"]),
            ("dropped", ["Abandonné", "Dropped"]),
        ],
    ),
    (
        "Outcome",
        &[
            ("full", ["Validation totale", "Full"]),
            ("partial", ["Validation partielle", "Partial"]),
            ("none", ["Refus", "None"]),
        ],
    ),
    (
        "Party",
        &[
            ("candidate", ["Candidat", "Candidate"]),
            ("tutor", ["Accompagnateur", "Tutor"]),
        ],
    ),
    (
        "PlanState",
        &[
            ("draft", ["Brouillon", "Draft"]),
            ("proposed", ["Proposé", "Proposed"]),
            ("agreed", ["Validé par les deux parties", "Agreed by both"]),
        ],
    ),
    (
        "Settlement",
        &[
            ("done", ["Fait", "Done"]),
            ("dropped", ["Abandonné", "Dropped"]),
        ],
    ),
    (
        "SheetState",
        &[
            ("draft", ["Brouillon", "Draft"]),
            ("submitted", ["Soumise", "Submitted"]),
            ("locked", ["Validée et verrouillée", "Locked"]),
        ],
    ),
    (
        "SignatureMethod",
        &[
            ("click", ["En ligne", "Online"]),
            ("paper", ["Sur papier", "On paper"]),
        ],
    ),
    (
        "StageState",
        &[
            ("not_started", ["Pas commencée", "Not started"]),
            ("in_progress", ["En cours", "In progress"]),
            ("done", ["Terminée", "Done"]),
            ("skipped", ["Sans objet", "Skipped"]),
        ],
    ),
    (
        "StepState",
        &[
            ("planned", ["Prévue", "Planned"]),
            ("in_progress", ["En cours", "In progress"]),
            ("done", ["Faite", "Done"]),
            ("postponed", ["Reportée", "Postponed"]),
            ("cancelled", ["Annulée", "Cancelled"]),
        ],
    ),
    (
        "Visibility",
        &[
            ("private", ["Pour moi seul", "For myself"]),
            ("shared", ["Partagée", "Shared"]),
        ],
    ),
    (
        "WaitingFor",
        &[
            ("candidate", ["Candidat", "Candidate"]),
            ("tutor", ["Accompagnateur", "Tutor"]),
            ("coordinator", ["Coordinateur", "Coordinator"]),
        ],
    ),
];
