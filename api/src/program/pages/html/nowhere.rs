//! What a browser is shown where nothing is.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;

use super::page;
use crate::foundation::problem::catalogue::pick;
use crate::program::pages::Reader;

/// That there is nothing, and where there is something.
pub(crate) fn nowhere(reader: &Reader) -> HttpResponse {
    let [title, content] = pick(
        [
            [
                "Il n'y a rien à cette adresse",
                "<p>Il lui manque peut-être une partie. Si elle vient d'un courriel, ouvrez le lien depuis le courriel, ou \
                 recopiez-le en entier.</p>",
            ],
            [
                "There is nothing at this address",
                "<p>Perhaps a part of it is missing. If it comes from a mail, open the link in the mail, or copy all of \
                 it.</p>",
            ],
        ],
        reader.locale,
    );
    let mut response = page(reader, title, content);
    *response.status_mut() = StatusCode::NOT_FOUND;
    response
}
