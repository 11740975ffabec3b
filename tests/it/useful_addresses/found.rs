//! Found by words, kind and department, and by what other systems call them.

use super::*;

#[tokio::test]
async fn a_search_knows_neither_case_nor_accents_nor_wildcards() {
    let world = world().await;
    let claire = world.as_("claire");
    add(&world, "claire", address()).await;
    for found in [
        "H%C3%A9rault",
        "HERAULT",
        "l'herault",
        "vers+l'EMPLOI",
        "EMPLOI+mission",
    ] {
        let names = names(&claire, &format!("q={found}")).await;
        assert!(
            names.contains(&"Mission locale de l’Hérault".to_owned()),
            "{found}"
        );
    }
    for missed in ["%25", "_", "!", "aveyron"] {
        let names = names(&claire, &format!("q={missed}")).await;
        assert!(names.is_empty(), "{missed}: {names:?}");
    }
    let body = json!({ "category": "other", "name": "100 % VAE !", "missions": "Aide_s" });
    add(&world, "claire", body).await;
    for found in ["100+%25", "aide_", "vae+!"] {
        assert_eq!(
            names(&claire, &format!("q={found}")).await,
            ["100 % VAE !"],
            "{found}"
        );
    }
}

#[tokio::test]
async fn what_is_searched_follows_a_change() {
    let world = world().await;
    let claire = world.as_("claire");
    let own = add(&world, "claire", address()).await;
    claire
        .patch(&item(&own), json!({ "name": "Cap emploi Lozère" }))
        .await
        .expect(200);
    assert!(names(&claire, "q=herault").await.is_empty());
    assert_eq!(names(&claire, "q=lozere").await, ["Cap emploi Lozère"]);
}

#[tokio::test]
async fn the_directory_is_filtered_by_kind_and_department() {
    let world = world().await;
    let claire = world.as_("claire");
    for (name, category, departments) in [
        ("A", "cep", json!(["34", "30"])),
        ("B", "cep", json!(["48"])),
        ("C", "other", json!(["34"])),
        ("D", "other", json!([])),
    ] {
        let body = json!({
            "category": category, "name": name, "missions": "Aide",
            "department_codes": departments,
        });
        add(&world, "claire", body).await;
    }
    assert_eq!(names(&claire, "department=34").await, ["C", "A"]);
    assert_eq!(names(&claire, "department=34&category=cep").await, ["A"]);
    assert_eq!(names(&claire, "category=other").await, ["D", "C"]);
    let several = names(&claire, "category=other,cep&department=75,34").await;
    assert_eq!(several, ["C", "A"]);
    for unknown in ["department=4", "department=99", "category=bank"] {
        claire
            .get(&format!("{PATH}?{unknown}"))
            .await
            .refused(400, "malformed_query");
    }
}

#[tokio::test]
async fn other_systems_find_an_address_by_the_name_they_gave_it() {
    let world = world().await;
    let crm = world.as_("crm");
    let reference = json!({ "system": "crm", "external_id": "A-3" });
    let body = json!({ "category": "cep", "name": "CEP", "missions": "Conseiller", "external_references": [reference] });
    let path = "/v1/useful-addresses";
    let address = crm.post(path, body.clone()).await.expect(201);
    assert_eq!(address["external_references"], json!([reference]));
    let found = crm
        .get(&format!("{path}?external_system=crm&external_id=A-3"))
        .await
        .expect(200);
    assert_eq!(found["items"], json!([address]));
    crm.post(path, body.clone())
        .await
        .refused(409, "external_reference_taken");
    let other = json!({ "category": "cep", "name": "Autre CEP", "missions": "Conseiller" });
    let other = crm.post(path, other).await.expect(201);
    let taken = json!({ "external_references": [reference] });
    crm.patch(&item(&other), taken)
        .await
        .refused(409, "external_reference_taken");
    let item = item(&address);
    let none = json!({ "external_references": [] });
    let emptied = crm.patch(&item, none).await.expect(200);
    assert_eq!(emptied["external_references"], json!([]));
    // What is shared by all is nobody's to name.
    let faults = world.as_("ada").post(path, body).await.faults();
    let fault = ("/external_references".to_owned(), "not_allowed".to_owned());
    assert_eq!(faults, [fault]);
}
