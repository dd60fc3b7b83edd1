test -z "$is" && return
