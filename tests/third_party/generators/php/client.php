<?php
// openapi-generator's PHP client: one scenario, live.
require '/usr/share/php/GuzzleHttp/autoload.php';
spl_autoload_register(function (string $class): void {
    $prefix = 'OpenAPI\\Client\\';
    if (str_starts_with($class, $prefix)) {
        require getenv('CLIENT') . '/lib/' . str_replace('\\', '/', substr($class, strlen($prefix))) . '.php';
    }
});

use OpenAPI\Client\Api;
use OpenAPI\Client\ApiException;
use OpenAPI\Client\Configuration;
use OpenAPI\Client\Model;

const PASSWORD = 'livret de demonstration';
$url = getenv('LIVRET_URL');
$http = new GuzzleHttp\Client();

function demand(bool $holds, mixed $what): void
{
    if (!$holds) {
        throw new Exception(print_r($what, true));
    }
}

function refused(int $status, string $code, callable $call): Model\Problem
{
    try {
        $call();
    } catch (ApiException $error) {
        $problem = $error->getResponseObject();
        demand($error->getCode() === $status && $problem->getCode() === $code, $error->getResponseBody());
        return $problem;
    }
    throw new Exception("not refused: $code");
}

function signedIn(string $email): Configuration
{
    global $http, $url;
    $nobody = (new Configuration())->setHost($url);
    $credentials = new Model\Credentials(['email' => $email, 'password' => PASSWORD]);
    $tokens = (new Api\IdentityApi($http, $nobody))->logIn($credentials);
    return (new Configuration())->setHost($url)->setAccessToken($tokens->getAccessToken());
}

$tutor = signedIn('tutrice@horizon.example');
$coordinator = signedIn('coordinatrice@horizon.example');

// Lists by pages.
$api = new Api\BookletsApi($http, $tutor);
[$booklets, $after] = [[], null];
do {
    $page = $api->listBooklets(limit: 2, after: $after);
    array_push($booklets, ...$page->getItems());
    $after = $page->getNext();
} while ($after !== null);
demand(count($booklets) > 2, 'one page is no walk');
$active = array_filter($booklets, fn ($one) => $one->getState() === Model\BookletState::ACTIVE);
$booklet = array_values($active)[0];

// Create, patch with null, a stale version, all faults at once.
$addresses = new Api\AddressesApi($http, $tutor);
$fields = ['category' => 'cep', 'name' => 'Mme Roux', 'phone' => '+33561000009', 'comment' => 'Le mardi.'];
$contact = $addresses->createPersonalContact($booklet->getId(), new Model\PersonalContactInput($fields));
$patch = new Model\PersonalContactInputPatch();
$patch->setComment(null);
$patched = $addresses->updatePersonalContact($contact->getId(), $patch, $contact->getEtag());
demand($patched->getComment() === null && $patched->getPhone() === $contact->getPhone(), $patched);
refused(412, 'stale', fn () => $addresses->updatePersonalContact($contact->getId(), $patch, $contact->getEtag()));
$faulty = new Model\PersonalContactInput(['category' => 'cep', 'name' => '', 'phone' => '12']);
$problem = refused(422, 'invalid', fn () => $addresses->createPersonalContact($booklet->getId(), $faulty));
$pointers = array_map(fn ($fault) => $fault->getPointer(), $problem->getErrors());
sort($pointers);
demand($pointers === ['/name', '/phone'], $pointers);

// The whole booklet, and the feed.
$full = $api->getFullBooklet($booklet->getId());
demand($full->getBooklet()->getId() === $booklet->getId(), 'another booklet');
$changes = (new Api\ChangesApi($http, $coordinator))->listChanges(limit: 100)->getItems();
demand(count($changes) > 0, 'nothing happened');

// Files: what the client gives are the bytes that are sent.
$exports = new Api\ExportsApi($http, $coordinator);
foreach (['csv', 'xlsx', 'jsonl'] as $form) {
    $file = $exports->exportDataset('users', $form);
    $taken = file_get_contents($file->getPathname());
    $headers = ['Authorization' => 'Bearer ' . $coordinator->getAccessToken()];
    $sent = (string) $http->get("$url/v1/exports/users?format=$form", ['headers' => $headers])->getBody();
    $same = $form === 'xlsx' ? strlen($taken) === strlen($sent) : $taken === $sent;
    demand($same, [$form, strlen($taken), strlen($sent)]);
    unlink($file->getPathname());
}
$path = tempnam(sys_get_temp_dir(), 'candidates');
file_put_contents($path, "given_name,family_name\nLou,Martin\n");
$imports = new Api\ImportsApi($http, $coordinator);
$begun = $imports->createImport(Model\ImportResource::CANDIDATES, new SplFileObject($path), 'csv');
for ($tries = 0; $tries < 100 && $begun->getState() === Model\ImportState::CHECKING; $tries++) {
    usleep(100_000);
    $begun = $imports->getImport($begun->getId());
}
unlink($path);
demand([$begun->getState(), $begun->getRowsTotal(), $begun->getRowsFaulty()] === ['ready', 1, 0], $begun);
printf("PHP: %d booklets, %d changes, three files and an import\n", count($booklets), count($changes));
