// NSwag's client, compiled by Mono: one scenario, live.
using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net.Http;
using System.Net.Http.Headers;
using System.Text;
using System.Threading.Tasks;
using Livret;

static class Program
{
    static readonly string Url = Environment.GetEnvironmentVariable("LIVRET_URL");

    static void Demand(bool isSo, string what)
    {
        if (!isSo) throw new Exception(what);
    }

    static async Task<HttpClient> SignedIn(string email)
    {
        var http = new HttpClient();
        var credentials = new Credentials { Email = email, Password = "livret de demonstration" };
        var tokens = await new IdentityClient(http) { BaseUrl = Url }.Log_inAsync(credentials);
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", tokens.Access_token);
        return http;
    }

    static async Task<Problem> Refused(int status, Func<Task> call)
    {
        try
        {
            await call();
        }
        catch (ApiException<Problem> refusal)
        {
            Demand(refusal.StatusCode == status, refusal.Message);
            return refusal.Result;
        }
        throw new Exception("not refused: " + status);
    }

    static async Task Play()
    {
        var tutor = await SignedIn("tutrice@horizon.example");
        var coordinator = await SignedIn("coordinatrice@horizon.example");

        // Lists by pages.
        var api = new BookletsClient(tutor) { BaseUrl = Url };
        var booklets = new List<Booklet>();
        string after = null;
        do
        {
            var page = await api.List_bookletsAsync(limit: 2, after: after);
            booklets.AddRange(page.Items);
            after = page.Next;
        } while (after != null);
        Demand(booklets.Count > 2, "pages");
        var id = booklets.First(one => one.State == BookletState.Active).Id;

        // Create, patch, a stale version, all faults at once.
        var addresses = new AddressesClient(tutor) { BaseUrl = Url };
        var body = new PersonalContactInput { Category = AddressCategory.Cep, Name = "Mme Roux", Phone = "+33561000009" };
        var made = await addresses.Create_personal_contactAsync(id, body);
        var patch = new PersonalContactInputPatch { Comment = "Le mardi." };
        var changed = await addresses.Update_personal_contactAsync(made.Id, patch, made.Etag);
        Demand(changed.Comment == "Le mardi." && changed.Phone == made.Phone, "patch");
        var stale = await Refused(412, () => addresses.Update_personal_contactAsync(made.Id, patch, made.Etag));
        Demand(stale.Code == "stale", stale.Code);
        body = new PersonalContactInput { Category = AddressCategory.Cep, Name = "", Phone = "12" };
        var faulty = await Refused(422, () => addresses.Create_personal_contactAsync(id, body));
        var faults = faulty.Errors.Select(fault => fault.Pointer).OrderBy(pointer => pointer);
        Demand(faults.SequenceEqual(new[] { "/name", "/phone" }), string.Join(" ", faults));

        // The whole booklet, and the feed.
        var full = await api.Get_full_bookletAsync(id);
        Demand(full.Booklet.Id == id, "full");
        var feed = await new ChangesClient(coordinator) { BaseUrl = Url }.List_changesAsync(limit: 100);
        Demand(feed.Items.Any(), "feed");

        // Files: what the client gives are the bytes that are sent.
        var exports = new ExportsClient(coordinator) { BaseUrl = Url };
        var taken = new MemoryStream();
        using (var file = await exports.Export_datasetAsync(Dataset.Users, Format.Csv)) await file.Stream.CopyToAsync(taken);
        var sent = await coordinator.GetByteArrayAsync(Url + "/v1/exports/users?format=csv");
        Demand(taken.ToArray().SequenceEqual(sent), "export");
        var imports = new ImportsClient(coordinator) { BaseUrl = Url };
        var rows = new MemoryStream(Encoding.UTF8.GetBytes("given_name,family_name\nLou,Martin\n"));
        var begun = await imports.Create_importAsync(ImportResource.Candidates, new FileParameter(rows, "rows.csv", "text/csv"), Format2.Csv);
        for (var tries = 0; tries < 100 && begun.State == ImportState.Checking; tries++)
        {
            await Task.Delay(100);
            begun = await imports.Get_importAsync(begun.Id);
        }
        Demand(begun.State == ImportState.Ready && begun.Rows_total == 1, begun.State.ToString());
        Console.WriteLine("NSwag: {0} booklets, {1} changes, a file and an import", booklets.Count, feed.Items.Count);
    }

    static void Main()
    {
        Play().GetAwaiter().GetResult();
    }
}
