//! What may be written in them.

use super::*;

#[tokio::test]
async fn numbers_are_written_as_people_dial_them() {
    let world = world().await;
    let claire = world.as_("claire");
    for phone in [
        "0 800 00 70 70",
        "0800007070",
        "+33467000001",
        "3949",
        "39 49",
        "115",
        "15",
        "118 712",
    ] {
        let mut body = address();
        body["phone"] = json!(phone);
        let created = claire.post(PATH, body).await.expect(201);
        assert_eq!(created["phone"], phone);
    }
    // What can be dialled from abroad is kept so, here as everywhere.
    for phone in ["04 67 00 00 01", "04.67.00.00.01", "+33 (0)4 67 00 00 01"] {
        let mut body = address();
        body["phone"] = json!(phone);
        let created = claire.post(PATH, body).await.expect(201);
        assert_eq!(created["phone"], "+33467000001");
    }
    for phone in ["", "04 67", "+0123456789", "appelez-moi", "0467000001 0"] {
        let mut body = address();
        body["phone"] = json!(phone);
        let faults = claire.post(PATH, body).await.faults();
        assert_eq!(faults, [("/phone".to_owned(), "pattern".to_owned())]);
    }
}

#[tokio::test]
async fn faults_of_an_address_come_with_their_pointers() {
    let world = world().await;
    let body = json!({
        "category": "bank", "name": "", "missions": "", "email": "nobody",
        "urls": ["javascript:alert(1)"], "department_codes": ["34", "34", "99"],
        "organization_id": null,
    });
    let mut faults = world.as_("claire").post(PATH, body).await.faults();
    faults.sort();
    let expected = [
        ("/category", "enum"),
        ("/department_codes", "unique_items"),
        ("/department_codes/2", "pattern"),
        ("/missions", "min_length"),
        ("/name", "min_length"),
        ("/organization_id", "unknown_field"),
        ("/urls/0", "pattern"),
    ];
    assert_eq!(
        faults,
        expected.map(|(at, code)| (at.to_owned(), code.to_owned()))
    );
    let mut body = address();
    body["email"] = json!("nobody");
    let faults = world.as_("claire").post(PATH, body).await.faults();
    assert_eq!(faults, [("/email".to_owned(), "email".to_owned())]);
}
