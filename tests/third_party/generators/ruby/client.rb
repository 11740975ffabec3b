# openapi-generator's Ruby client: one scenario, live.
require "json"
require "uri"
require "net/http"
require "openapi_client"

URL = ENV.fetch("LIVRET_URL")

def client(token = nil)
  address = URI(URL)
  configuration = OpenapiClient::Configuration.new
  configuration.server_index = nil
  configuration.scheme = address.scheme
  configuration.host = "#{address.host}:#{address.port}"
  configuration.base_path = ""
  configuration.access_token = token
  OpenapiClient::ApiClient.new(configuration)
end

def signed_in(email)
  credentials = OpenapiClient::Credentials.new(email: email, password: "livret de demonstration")
  client(OpenapiClient::IdentityApi.new(client).log_in(credentials).access_token)
end

def demand(is_so, what)
  raise what.to_s unless is_so
end

def refused(status, code)
  yield
  raise "not refused: #{code}"
rescue OpenapiClient::ApiError => error
  problem = JSON.parse(error.response_body)
  demand([error.code, problem["code"]] == [status, code], error)
  problem
end

tutor = signed_in("tutrice@horizon.example")
coordinator = signed_in("coordinatrice@horizon.example")

# Lists by pages.
api = OpenapiClient::BookletsApi.new(tutor)
booklets = []
asked = { limit: 2 }
loop do
  page = api.list_booklets(asked)
  booklets.concat(page.items)
  break unless page._next

  asked[:after] = page._next
end
demand(booklets.size > 2, "pages")
id = booklets.find { |one| one.state == "active" }.id

# Create, patch with null, a stale version, all faults at once.
addresses = OpenapiClient::AddressesApi.new(tutor)
body = { category: "cep", name: "Mme Roux", phone: "+33561000009", comment: "Le mardi." }
made = addresses.create_personal_contact(id, OpenapiClient::PersonalContactInput.new(body))
patch = OpenapiClient::PersonalContactInputPatch.new(comment: nil)
changed = addresses.update_personal_contact(made.id, patch, if_match: made.etag)
demand(changed.comment.nil? && changed.phone == made.phone, "patch")
refused(412, "stale") { addresses.update_personal_contact(made.id, patch, if_match: made.etag) }
faulty = { "category" => "cep", "name" => "", "phone" => "12" }
problem = refused(422, "invalid") { addresses.create_personal_contact(id, faulty) }
demand(problem["errors"].map { |fault| fault["pointer"] }.sort == ["/name", "/phone"], problem)

# The whole booklet, and the feed.
demand(api.get_full_booklet(id).booklet.id == id, "full")
feed = OpenapiClient::ChangesApi.new(coordinator).list_changes(limit: 100)
demand(feed.items.any?, "feed")

# A file: what the client gives are the bytes that are sent.
taken = OpenapiClient::ExportsApi.new(coordinator).export_dataset("users", format: "csv")
taken = File.binread(taken.path) if taken.respond_to?(:path)
authorization = { "Authorization" => "Bearer #{coordinator.config.access_token}" }
sent = Net::HTTP.get(URI("#{URL}/v1/exports/users?format=csv"), authorization)
demand(taken.b == sent.b, "export")
puts "Ruby: #{booklets.size} booklets, #{feed.items.size} changes, a file"
