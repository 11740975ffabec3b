// openapi-generator's Go client: one scenario, live.
package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"sort"
	"time"

	livret "livret"
)

var url = os.Getenv("LIVRET_URL")

const password = "livret de demonstration"

func demand(holds bool, what ...any) {
	if !holds {
		fmt.Fprintln(os.Stderr, what...)
		os.Exit(1)
	}
}

func got[T any](value T, _ *http.Response, err error) T {
	var refusal *livret.GenericOpenAPIError
	if errors.As(err, &refusal) {
		demand(false, err, string(refusal.Body()))
	}
	demand(err == nil, err)
	return value
}

func refused(status int, code string, answer *http.Response, err error) livret.Problem {
	var refusal *livret.GenericOpenAPIError
	demand(errors.As(err, &refusal), "not refused:", code, err)
	problem, is := refusal.Model().(livret.Problem)
	demand(is && answer.StatusCode == status && problem.Code == code, string(refusal.Body()))
	return problem
}

func signedIn(client *livret.APIClient, email string) context.Context {
	credentials := *livret.NewCredentials(email, password)
	tokens := got(client.IdentityAPI.LogIn(context.Background()).Credentials(credentials).Execute())
	return context.WithValue(context.Background(), livret.ContextAccessToken, tokens.AccessToken)
}

func main() {
	configuration := livret.NewConfiguration()
	configuration.Servers = livret.ServerConfigurations{{URL: url}}
	client := livret.NewAPIClient(configuration)
	tutor := signedIn(client, "tutrice@horizon.example")
	coordinator := signedIn(client, "coordinatrice@horizon.example")

	// Lists by pages.
	var booklets []livret.Booklet
	for after := ""; ; {
		page := got(client.BookletsAPI.ListBooklets(tutor).Limit(2).After(after).Execute())
		booklets = append(booklets, page.Items...)
		if after = page.GetNext(); after == "" {
			break
		}
	}
	demand(len(booklets) > 2, "one page is no walk")
	booklet := booklets[0]
	for _, one := range booklets {
		if one.State == livret.BOOKLETSTATE_ACTIVE {
			booklet = one
		}
	}

	// Create, patch with null, a stale version, all faults at once.
	api := client.AddressesAPI
	body := livret.NewPersonalContactInput(livret.ADDRESSCATEGORY_CEP, "Mme Roux")
	body.SetPhone("+33561000009")
	body.SetComment("Le mardi.")
	contact := got(api.CreatePersonalContact(tutor, booklet.Id).PersonalContactInput(*body).Execute())
	patch := livret.NewPersonalContactInputPatch()
	patch.SetCommentNil()
	change := api.UpdatePersonalContact(tutor, contact.Id).IfMatch(contact.Etag).PersonalContactInputPatch(*patch)
	patched := got(change.Execute())
	demand(patched.Comment.Get() == nil && patched.GetPhone() == contact.GetPhone(), "the patch did something else")
	_, answer, err := change.Execute()
	refused(412, "stale", answer, err)
	body.Name = ""
	body.SetPhone("12")
	_, answer, err = api.CreatePersonalContact(tutor, booklet.Id).PersonalContactInput(*body).Execute()
	var pointers []string
	for _, fault := range refused(422, "invalid", answer, err).Errors {
		pointers = append(pointers, fault.Pointer)
	}
	sort.Strings(pointers)
	demand(fmt.Sprint(pointers) == "[/name /phone]", pointers)

	// The whole booklet, and the feed.
	full := got(client.BookletsAPI.GetFullBooklet(tutor, booklet.Id).Execute())
	demand(full.Booklet.Id == booklet.Id, "another booklet")
	changes := got(client.ChangesAPI.ListChanges(coordinator).Limit(100).Execute())
	demand(len(changes.Items) > 0, "nothing happened")

	// Files: what the client gives are the bytes that are sent.
	for _, form := range []string{"csv", "xlsx", "jsonl"} {
		taken := got(client.ExportsAPI.ExportDataset(coordinator, "users").Format(form).Execute())
		_, err := taken.Seek(0, io.SeekStart)
		demand(err == nil, err)
		bytesTaken, err := io.ReadAll(taken)
		demand(err == nil, err)
		request, _ := http.NewRequest("GET", url+"/v1/exports/users?format="+form, nil)
		token, _ := coordinator.Value(livret.ContextAccessToken).(string)
		request.Header.Set("Authorization", "Bearer "+token)
		sent, err := http.DefaultClient.Do(request)
		demand(err == nil, err)
		bytesSent, _ := io.ReadAll(sent.Body)
		same := len(bytesTaken) == len(bytesSent) && (form == "xlsx" || bytes.Equal(bytesTaken, bytesSent))
		demand(same && len(bytesTaken) > 0, form, len(bytesTaken), len(bytesSent))
	}
	file, err := os.CreateTemp("", "candidates-*.csv")
	demand(err == nil, err)
	defer os.Remove(file.Name())
	_, _ = file.WriteString("given_name,family_name\nLou,Martin\n")
	_, _ = file.Seek(0, io.SeekStart)
	imports := client.ImportsAPI
	begun := got(imports.CreateImport(coordinator).Resource(livret.IMPORTRESOURCE_CANDIDATES).Format("csv").Body(file).Execute())
	for tries := 0; tries < 100 && begun.State == livret.IMPORTSTATE_CHECKING; tries++ {
		time.Sleep(100 * time.Millisecond)
		begun = got(imports.GetImport(coordinator, begun.Id).Execute())
	}
	demand(begun.State == livret.IMPORTSTATE_READY && begun.RowsTotal == 1 && begun.RowsFaulty == 0, begun)
	fmt.Printf("Go: %d booklets, %d changes, three files and an import\n", len(booklets), len(changes.Items))
}
