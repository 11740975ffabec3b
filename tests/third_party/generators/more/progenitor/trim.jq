# progenitor knows JSON and forms alone: what is a file, a page or a stream is left out.
def known: . == "application/json" or . == "application/problem+json" or . == "application/x-www-form-urlencoded";
def speaks: [(.requestBody.content // {} | keys[]), (.responses[] | .content // {} | keys[])] | all(known);
.paths |= (map_values(with_entries(select(.value | speaks))) | with_entries(select(.value != {})))
