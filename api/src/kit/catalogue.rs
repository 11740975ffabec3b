//! Every problem this API answers: its code, its status, and what it says in French and English.

use actix_web::http::StatusCode;
use entity::values::Locale;
use serde::{Deserialize, Serialize};
use strum::{Display, EnumIter, EnumString};

/// Stable name of a problem; the last part of its `type` address.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, EnumString, Display, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
#[expect(missing_docs, reason = "`entry` says what each one means")]
pub enum Code {
    MalformedJson,
    MalformedPath,
    MalformedQuery,
    BadRequest,
    InvalidCursor,
    InvalidIdempotencyKey,
    Unauthenticated,
    InvalidCredentials,
    InvalidRefreshToken,
    InvalidClient,
    InvalidRequest,
    UnsupportedGrantType,
    Forbidden,
    NotAParty,
    NotFound,
    MethodNotAllowed,
    NotAcceptable,
    RequestTimeout,
    Conflict,
    InUse,
    EmailTaken,
    UserLinked,
    ExternalReferenceTaken,
    BookletClosed,
    InvalidTransition,
    ContractPending,
    ContractFrozen,
    AlreadySigned,
    LastCoordinator,
    MainTutor,
    PlanNotEmpty,
    PlanEmpty,
    OwnProposal,
    SheetLocked,
    SheetFrozen,
    SheetItemsOpen,
    VarianceReasonMissing,
    ItemSettled,
    ItemNotOnSheet,
    DerivedAction,
    InvitationInvalid,
    Stale,
    PayloadTooLarge,
    UnsupportedMediaType,
    Invalid,
    IdempotencyKeyReused,
    PreconditionRequired,
    TooManyRequests,
    InternalError,
    Unavailable,
}

/// What a problem says.
pub(crate) struct Entry {
    pub(crate) status: StatusCode,
    title: [&'static str; 2],
    detail: [&'static str; 2],
}

impl Entry {
    pub(crate) fn title(&self, locale: Locale) -> &'static str {
        pick(self.title, locale)
    }

    /// What to do next.
    pub(crate) fn detail(&self, locale: Locale) -> &'static str {
        pick(self.detail, locale)
    }
}

/// The French or the English one.
pub(crate) fn pick<T>([fr, en]: [T; 2], locale: Locale) -> T {
    match locale {
        Locale::Fr => fr,
        Locale::En => en,
    }
}

impl Code {
    /// What OAuth 2.0 clients look for in `error` (RFC 6749, section 5.2).
    pub(crate) fn oauth_name(self) -> Option<&'static str> {
        match self {
            Self::InvalidClient => Some("invalid_client"),
            Self::InvalidRequest => Some("invalid_request"),
            Self::UnsupportedGrantType => Some("unsupported_grant_type"),
            _ => None,
        }
    }

    /// Status and texts, French then English: the title names the problem, the detail says what
    /// to do next.
    #[rustfmt::skip]
    pub(crate) fn entry(self) -> Entry {
        let (status, title, detail) = match self {
            Self::MalformedJson => (400,
                ["JSON illisible", "Malformed JSON"],
                ["Le corps de la requête n'est pas du JSON valide (UTF-8). Corrigez-le et renvoyez-le.", "The request body is not valid JSON (UTF-8). Correct it and send it again."]),
            Self::MalformedPath => (400,
                ["Adresse mal formée", "Malformed path"],
                ["Un identifiant de l'adresse n'a pas la forme attendue (UUID).", "An identifier in the path does not have the expected form (UUID)."]),
            Self::MalformedQuery => (400,
                ["Paramètre de requête invalide", "Invalid query parameter"],
                ["Un paramètre de la requête est inconnu ou invalide. Voyez la documentation de l'opération.", "A query parameter is unknown or invalid. See the operation's documentation."]),
            Self::BadRequest => (400,
                ["Requête incompréhensible", "Bad request"],
                ["La requête ne respecte pas le protocole attendu. Voyez la documentation de l'opération.", "The request does not follow the expected protocol. See the operation's documentation."]),
            Self::InvalidCursor => (400,
                ["Curseur invalide", "Invalid cursor"],
                ["Le paramètre after doit reprendre tel quel le next de la page précédente, avec les mêmes filtres. Recommencez sans after.", "The after parameter must be the next of the page before, unchanged, with the same filters. Start again without after."]),
            Self::InvalidIdempotencyKey => (400,
                ["Clé d'idempotence invalide", "Invalid idempotency key"],
                ["L'en-tête Idempotency-Key porte une seule valeur de 1 à 255 caractères visibles, sans espace ni accent : un UUID, par exemple.", "The header Idempotency-Key carries one value of 1 to 255 visible ASCII characters, without spaces: a UUID, for instance."]),
            Self::Unauthenticated => (401,
                ["Authentification requise", "Authentication required"],
                ["Envoyez un jeton d'accès valide dans l'en-tête Authorization: Bearer. S'il a expiré, renouvelez-le par POST /v1/auth/refresh.", "Send a valid access token in the Authorization: Bearer header. If it has expired, renew it with POST /v1/auth/refresh."]),
            Self::InvalidCredentials => (401,
                ["Identifiants incorrects", "Wrong credentials"],
                ["L'adresse électronique ou le mot de passe est incorrect, ou le compte n'est pas actif.", "The e-mail address or the password is wrong, or the account is not active."]),
            Self::InvalidRefreshToken => (401,
                ["Jeton de renouvellement refusé", "Refresh token refused"],
                ["Le jeton de renouvellement est inconnu, expiré ou déjà utilisé. Connectez-vous de nouveau.", "The refresh token is unknown, expired or already used. Log in again."]),
            Self::InvalidClient => (401,
                ["Client refusé", "Client refused"],
                ["L'identifiant ou le secret du compte de service est incorrect, expiré ou révoqué.", "The service account's identifier or secret is wrong, expired or revoked."]),
            Self::InvalidRequest => (400,
                ["Demande de jeton mal formée", "Malformed token request"],
                ["Envoyez un formulaire (application/x-www-form-urlencoded) où chaque paramètre figure une fois, et l'identifiant du client soit dans l'en-tête, soit dans le corps (RFC 6749).", "Send a form (application/x-www-form-urlencoded) in which each parameter stands once, and the client's credentials either in the header or in the body (RFC 6749)."]),
            Self::UnsupportedGrantType => (400,
                ["Type d'autorisation non pris en charge", "Unsupported grant type"],
                ["Seul grant_type=client_credentials est accepté ici. Une personne se connecte par POST /v1/auth/login.", "Only grant_type=client_credentials is accepted here. A person signs in with POST /v1/auth/login."]),
            Self::Forbidden => (403,
                ["Action non permise", "Not allowed"],
                ["Votre rôle ne permet pas cette action. Le rôle nécessaire est indiqué dans la documentation de l'opération (x-roles).", "Your role does not allow this action. The operation's documentation names the roles that may (x-roles)."]),
            Self::NotAParty => (403,
                ["Signature d'un tiers", "Somebody else's signature"],
                ["Nul ne signe pour autrui : seule la partie concernée peut signer. Une signature sur papier est enregistrée par le tuteur ou le coordinateur avec method=paper et party.", "Nobody signs for someone else: only the party itself may sign. A paper signature is recorded by the tutor or the coordinator with method=paper and party."]),
            Self::NotFound => (404,
                ["Introuvable", "Not found"],
                ["Il n'y a rien à cette adresse, ou cela ne vous est pas accessible.", "There is nothing at this address, or it is not within your reach."]),
            Self::MethodNotAllowed => (405,
                ["Méthode non prise en charge", "Method not allowed"],
                ["Cette adresse existe, mais pas avec cette méthode. L'en-tête Allow dit lesquelles sont possibles.", "This address exists, but not with this method. The Allow header lists the possible ones."]),
            Self::NotAcceptable => (406,
                ["Format de réponse non disponible", "Not acceptable"],
                ["Cette adresse ne peut pas répondre dans le format demandé par l'en-tête Accept.", "This address cannot answer in the format that the Accept header asks for."]),
            Self::RequestTimeout => (408,
                ["Requête trop lente", "Request too slow"],
                ["Le corps de la requête n'est pas arrivé à temps. Renvoyez la requête.", "The request body did not arrive in time. Send the request again."]),
            Self::Conflict => (409,
                ["Conflit", "Conflict"],
                ["Cette action contredit l'état actuel des données. Relisez-les, puis recommencez.", "This action contradicts the present state of the data. Read it again, then retry."]),
            Self::InUse => (409,
                ["Encore utilisé", "Still in use"],
                ["D'autres données en dépendent : la suppression est impossible. Désactivez plutôt.", "Other data depends on it, so it cannot be deleted. Disable it instead."]),
            Self::EmailTaken => (409,
                ["Adresse électronique déjà utilisée", "E-mail address already taken"],
                ["Une autre personne a déjà cette adresse électronique. Choisissez-en une autre.", "Somebody else already has this e-mail address. Choose another one."]),
            Self::UserLinked => (409,
                ["Compte déjà rattaché", "Account already linked"],
                ["Ce compte est déjà celui d'un autre candidat. Choisissez-en un autre.", "This account is already another candidate's. Choose another one."]),
            Self::ExternalReferenceTaken => (409,
                ["Référence externe déjà utilisée", "External reference already taken"],
                ["Cette référence externe désigne déjà un autre objet de l'organisation.", "This external reference already names another object of the organization."]),
            Self::BookletClosed => (409,
                ["Livret clos", "Booklet closed"],
                ["Le livret est clos, abandonné ou archivé : il ne se modifie plus. Un coordinateur peut le rouvrir avec un motif.", "The booklet is closed, withdrawn or archived and no longer changes. A coordinator may reopen it with a reason."]),
            Self::InvalidTransition => (409,
                ["Action impossible dans cet état", "Not possible in this state"],
                ["L'état actuel de l'objet ne permet pas cette action. Relisez-le pour connaître son état.", "The object's present state does not allow this action. Read it again to learn its state."]),
            Self::ContractPending => (409,
                ["Un contrat est déjà en préparation", "A contract is already being prepared"],
                ["Ce livret a déjà un contrat en brouillon ou proposé. Terminez-le ou modifiez-le avant d'en préparer un autre.", "This booklet already has a draft or proposed contract. Finish or change that one before preparing another."]),
            Self::ContractFrozen => (409,
                ["Contrat figé", "Contract frozen"],
                ["Le contenu d'un contrat proposé ne change plus. Retirez la proposition (withdraw) ou préparez un avenant (amend).", "The content of a proposed contract no longer changes. Withdraw the proposal, or amend the contract."]),
            Self::AlreadySigned => (409,
                ["Déjà signé", "Already signed"],
                ["Cette partie a déjà signé ce contrat.", "This party has already signed this contract."]),
            Self::LastCoordinator => (409,
                ["Dernier coordinateur", "Last coordinator"],
                ["Une organisation garde au moins un coordinateur actif. Désignez-en d'abord un autre.", "An organization keeps at least one active coordinator. First name another one."]),
            Self::MainTutor => (409,
                ["Tuteur principal", "Main tutor"],
                ["Cette personne est le tuteur principal du livret. Changez tutor_id sur le livret : l'accompagnement précédent prendra fin de lui-même.", "This person is the booklet's main tutor. Change tutor_id on the booklet: the former membership ends by itself."]),
            Self::PlanNotEmpty => (409,
                ["Le plan a déjà des étapes", "The plan already has steps"],
                ["Un modèle ne s'applique qu'à un plan vide. Supprimez les étapes ou ajoutez-en une à une.", "A template only applies to an empty plan. Delete the steps or add some one by one."]),
            Self::PlanEmpty => (409,
                ["Plan vide", "Empty plan"],
                ["Un plan sans étape ne peut pas être proposé. Ajoutez au moins une étape.", "A plan without steps cannot be proposed. Add at least one step."]),
            Self::OwnProposal => (409,
                ["C'est à l'autre partie de répondre", "The other party must answer"],
                ["Ce que vous avez vous-même proposé ou soumis doit être accepté par l'autre partie.", "What you proposed or submitted yourself must be accepted by the other party."]),
            Self::SheetLocked => (409,
                ["Fiche verrouillée", "Sheet locked"],
                ["Une fiche validée ne change plus. Notez la suite sur la fiche du prochain rendez-vous.", "A validated sheet no longer changes. Write what follows on the next appointment's sheet."]),
            Self::SheetFrozen => (409,
                ["Fiche soumise", "Sheet submitted"],
                ["Une fiche soumise est figée, avec ses lignes, jusqu'à sa validation. Qui l'a soumise peut la rouvrir (reopen).", "A submitted sheet is frozen, with its items, until it is validated. Whoever submitted it may reopen it."]),
            Self::SheetItemsOpen => (409,
                ["Des lignes attendent une réponse", "Items are waiting for an answer"],
                ["Chaque ligne reportée sur cette fiche doit être réalisée, abandonnée ou reportée avant la validation. Voyez errors.", "Each item carried over to this sheet must be done, dropped or carried on before it is validated. See errors."]),
            Self::VarianceReasonMissing => (409,
                ["Un retard attend une explication", "A delay is waiting for an explanation"],
                ["Chaque ligne réalisée en retard doit porter une explication (variance_reason) avant la validation. Voyez errors.", "Each item done late must carry an explanation (variance_reason) before the sheet is validated. See errors."]),
            Self::ItemSettled => (409,
                ["Ligne déjà réglée", "Item already settled"],
                ["Cette ligne a déjà été réalisée ou abandonnée sur une autre fiche.", "This item was already done or dropped on another sheet."]),
            Self::ItemNotOnSheet => (409,
                ["Cette ligne n'est pas reportée sur cette fiche", "This item did not come to this sheet"],
                ["Une ligne se règle sur une fiche de numéro supérieur à celle qui l'a prévue, du même livret.", "An item is settled on a sheet with a higher number than the one that raised it, of the same booklet."]),
            Self::DerivedAction => (409,
                ["Action issue d'une fiche", "Action derived from a sheet"],
                ["Cette ligne du bilan vient d'une fiche validée : elle ne se modifie ni ne se supprime.", "This completed action comes from a validated sheet: it can be neither changed nor deleted."]),
            Self::InvitationInvalid => (422,
                ["Invitation refusée", "Invitation refused"],
                ["L'invitation est inconnue, expirée ou déjà utilisée. Demandez-en une nouvelle à votre organisation.", "The invitation is unknown, expired or already used. Ask your organization for a new one."]),
            Self::Stale => (412,
                ["Version dépassée", "Stale version"],
                ["L'objet a changé depuis votre lecture. Relisez-le, puis renvoyez votre changement avec son nouvel etag.", "The object has changed since you read it. Read it again, then resend your change with its new etag."]),
            Self::PayloadTooLarge => (413,
                ["Requête trop volumineuse", "Payload too large"],
                ["Le corps de la requête dépasse 1 Mio.", "The request body exceeds 1 MiB."]),
            Self::UnsupportedMediaType => (415,
                ["Type de contenu non pris en charge", "Unsupported media type"],
                ["Envoyez du JSON : Content-Type application/json, ou application/merge-patch+json pour PATCH ; pour /oauth/token, un formulaire application/x-www-form-urlencoded.", "Send JSON: Content-Type application/json, or application/merge-patch+json for PATCH; for /oauth/token a form, application/x-www-form-urlencoded."]),
            Self::Invalid => (422,
                ["Données invalides", "Invalid data"],
                ["Certains champs sont invalides. Chaque élément de errors en désigne un et dit ce qui est attendu.", "Some fields are invalid. Each element of errors names one and says what is expected."]),
            Self::IdempotencyKeyReused => (422,
                ["Clé d'idempotence déjà utilisée", "Idempotency key already used"],
                ["Cette clé a déjà servi, à cette adresse, pour une autre requête. Prenez une nouvelle clé pour chaque nouvelle requête, et la même seulement pour la répéter.", "This key was used for another request to this address. Take a new key for each new request, and the same one only to repeat it."]),
            Self::PreconditionRequired => (428,
                ["En-tête If-Match requis", "If-Match header required"],
                ["Envoyez dans If-Match l'etag de l'objet que vous avez lu, pour ne pas écraser le changement d'un autre (* accepte toute version).", "Send in If-Match the etag of the object you read, so as not to overwrite somebody else's change (* accepts any version)."]),
            Self::TooManyRequests => (429,
                ["Trop de requêtes", "Too many requests"],
                ["Attendez le délai indiqué par Retry-After avant de recommencer.", "Wait for the time given by Retry-After before you retry."]),
            Self::InternalError => (500,
                ["Erreur interne", "Internal error"],
                ["Le service a rencontré une erreur. Réessayez ; si elle persiste, transmettez request_id à l'assistance.", "The service met an error. Retry; if it persists, give request_id to support."]),
            Self::Unavailable => (503,
                ["Service momentanément indisponible", "Service unavailable for now"],
                ["La base de données ne répond pas. Réessayez après le délai indiqué par Retry-After.", "The database does not answer. Retry after the time given by Retry-After."]),
        };
        Entry { status: StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR), title, detail }
    }
}

/// What a fault of one field says, French then English; `{name}` stands for a parameter.
#[rustfmt::skip]
pub(crate) fn fault_text(code: &str, locale: Locale) -> &'static str {
    pick(match code {
        "required" => ["Ce champ est obligatoire.", "This field is required."],
        "unknown_field" => ["Ce champ n'existe pas ou ne se modifie pas ici.", "This field does not exist or cannot be set here."],
        "type" => ["Le type attendu est : {expected}.", "The expected type is: {expected}."],
        "enum" => ["Valeur inconnue. Valeurs possibles : {allowed}.", "Unknown value. Possible values: {allowed}."],
        "min_length" => ["Il faut au moins {min} caractère(s).", "At least {min} character(s) needed."],
        "max_length" => ["Il faut au plus {max} caractères.", "At most {max} characters allowed."],
        "minimum" => ["La valeur doit être au moins {min}.", "The value must be at least {min}."],
        "maximum" => ["La valeur doit être au plus {max}.", "The value must be at most {max}."],
        "min_items" => ["Il faut au moins {min} élément(s).", "At least {min} item(s) needed."],
        "max_items" => ["Il faut au plus {max} éléments.", "At most {max} items allowed."],
        "incomplete" => ["La liste doit nommer chaque élément ; il en manque {missing}.", "The list must name every item; {missing} are missing."],
        "unique_items" => ["Chaque élément ne peut figurer qu'une fois.", "Each item may stand only once."],
        "format" => ["Le format attendu est : {expected}.", "The expected format is: {expected}."],
        "pattern" => ["La valeur doit suivre le motif {expected}.", "The value must match the pattern {expected}."],
        "email" => ["Ce n'est pas une adresse électronique valide.", "This is not a valid e-mail address."],
        "phone" => ["Numéro attendu au format international, par exemple +33612345678.", "A number in international form is expected, for instance +33612345678."],
        "siret" => ["Ce n'est pas un SIRET valide (14 chiffres avec clé).", "This is not a valid SIRET (14 digits with check digit)."],
        "timezone" => ["Fuseau horaire IANA inconnu, par exemple Europe/Paris.", "Unknown IANA time zone; Europe/Paris is one."],
        "unknown_reference" => ["Aucun objet accessible n'a cet identifiant.", "No object within reach has this identifier."],
        "wrong_role" => ["Cette personne n'a pas le rôle attendu : {expected}.", "This person does not have the expected role: {expected}."],
        "dates_order" => ["La date de fin doit suivre la date de début.", "The end date must follow the start date."],
        "password_weak" => ["Ce mot de passe est trop facile à deviner. Une phrase de plusieurs mots convient.", "This password is too easy to guess. A phrase of several words does well."],
        "nul_character" => ["Le caractère NUL n'est pas accepté.", "The NUL character is not accepted."],
        "not_allowed" => ["Cette valeur n'est pas permise ici.", "This value is not allowed here."],
        "unanswered" => ["Cette ligne attend une réponse.", "This item is waiting for an answer."],
        "variance_reason_missing" => ["Ce retard attend une explication.", "This delay is waiting for an explanation."],
        "repeated_parameter" => ["Ce paramètre ne peut figurer qu'une fois.", "This parameter may stand only once."],
        "unknown_parameter" => ["Ce paramètre n'existe pas pour cette opération.", "This operation has no such parameter."],
        _ => ["Valeur invalide.", "Invalid value."],
    }, locale)
}
