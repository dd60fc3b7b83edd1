# Markup that wants to run, in every text of a JSON report that is not ours; other programs' formats
# are to show it as text.
def evil: . + "\"><script>top.owned = 1</script><img src=x onerror=top.owned=1>'<!--</title></style>&lt;]]>";

.target |= (.hostname |= evil | .kernel |= evil | .arch |= evil | .os |= map_values(evil)
	| if .engine then .engine |= (.name |= evil | .version |= evil | .api |= evil | .endpoint |= evil
		| .endpoint_why |= evil) else . end)
| .tool.version |= evil
| .tailoring[] |= evil
| .selection |= (.only[] |= evil | .skip[] |= evil)
| .warnings[] |= map_values(evil)
| .unread[] |= map_values(evil)
| .missing_privilege |= if . then evil else . end
| .profiles[] |= (.id |= evil | .title |= evil | .version |= evil | .source |= evil
	| .left_out[] |= map_values(evil) | .groups[] |= map_values(evil))
| .results[] |= (.profile |= evil | .ref |= evil | .group |= evil | .check |= evil | .title |= evil | .wanted |= evil
	| .why |= evil | .remedy |= evil | .reason |= evil | .params |= with_entries(.key |= evil)
	| .findings[] |= (.reason |= evil | .subject.name |= evil | .subject.image |= evil
		| .evidence[] |= (.source |= evil | .path |= evil | if .value | type == "string" then .value |= evil else . end)
		| if .waiver then .waiver |= map_values(evil) else . end))
