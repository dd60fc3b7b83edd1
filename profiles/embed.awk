# SPDX-License-Identifier: Apache-2.0
# embed.awk: makes the C source of the built-in profiles out of their YAML files.
#
#   LC_ALL=C awk -f profiles/embed.awk profiles/*.yaml > profiles_builtin.c
#   LC_ALL=C awk -v related=1 -f profiles/embed.awk profiles/related.tsv > related_builtin.c
#
# One string literal per line, joined by the compiler. A profile is called as its file.

function base(path) {
	sub(/.*\//, "", path)
	sub(/\.yaml$/, "", path)
	return path
}

BEGIN {
	print "/* SPDX-License-Identifier: Apache-2.0 */"
	if (related) {
		print "/* related_builtin.c: the controls of other frameworks; made by profiles/embed.awk. */"
		print "#include \"related.h\""
	} else {
		print "/* profiles_builtin.c: the built-in profiles; made by profiles/embed.awk. */"
		print "#include \"profile_builtin.h\""
	}
}

FNR == 1 {
	if (n)
		print "\t;"
	name[++n] = base(FILENAME)
	if (related)
		print "\nconst char related_text[] ="
	else
		printf "\nstatic const char text_%d[] =\n", n
}

{
	gsub(/\\/, "&&")
	gsub(/"/, "\\\"")
	gsub(/\t/, "\\t")
	gsub(/\r/, "\\r")
	# No trigraph, whatever the language version.
	gsub(/\?/, "\\?")
	print "\t\"" $0 "\\n\""
}

END {
	if (n)
		print "\t;"
	if (related)
		exit
	print "\nconst struct builtin_profile builtin_profiles[] = {"
	for (i = 1; i <= n; i++)
		printf "\t{ \"%s\", text_%d, sizeof(text_%d) - 1 },\n", name[i], i, i
	print "\t{ (const char *)0, (const char *)0, 0 },"
	print "};"
}
