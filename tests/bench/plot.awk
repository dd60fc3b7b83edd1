#!/usr/bin/awk -f
# SPDX-License-Identifier: Apache-2.0
#
# Draws what run.sh printed: wall and CPU time against the number of containers, as SVG.
#
#	run.sh build/seaworthy | tee table.md; plot.awk table.md >cost.svg

BEGIN {
	FS = " *[|] *"
	width = 640; height = 400; left = 60; bottom = 50; top = 30; right = 20
}

function take(what, n, value)
{
	if (n > max_n)
		max_n = n
	if (value > max_value)
		max_value = value
	points[what, ++n_points[what]] = n " " value
}

# Rows with a plain number of running containers only.
$2 ~ /^[0-9]+$/ && $3 == "wall time, ms, median" {
	take("reference, wall", $2, $4)
	take("seaworthy, wall", $2, $5)
}
$2 ~ /^[0-9]+$/ && $3 == "CPU time, ms, median" {
	take("reference, CPU", $2, $4)
	take("seaworthy, CPU", $2, $5)
}

function x_of(n)
{
	return left + n * (width - left - right) / max_n
}

function y_of(value)
{
	return height - bottom - value * (height - bottom - top) / max_value
}

# The next of 1, 2, 5, 10, 20, 50 … of which there are at most six up to max.
function step_for(max,    s, k)
{
	s = 1
	for (k = 0; max / s > 6; k++)
		s *= k % 3 == 1 ? 2.5 : 2
	return s
}

function text(x, y, anchor, what)
{
	printf "<text x='%d' y='%d' text-anchor='%s'>%s</text>\n", x, y, anchor, what
}

function draw(what, color, dash, row,    i, p)
{
	printf "<polyline fill='none' stroke='%s' stroke-width='2' stroke-dasharray='%s' points='", color, dash
	for (i = 1; i <= n_points[what]; i++) {
		split(points[what, i], p, " ")
		printf "%.1f,%.1f ", x_of(p[1]), y_of(p[2])
	}
	print "'/>"
	printf "<line x1='%d' y1='%d' x2='%d' y2='%d' stroke='%s' stroke-width='2' stroke-dasharray='%s'/>\n",
		left + 15, top + 16 * row - 4, left + 45, top + 16 * row - 4, color, dash
	text(left + 52, top + 16 * row, "start", what)
}

END {
	if (max_n == 0 || max_value == 0) {
		print "plot.awk: no rows with two numbers of containers" >"/dev/stderr"
		exit 1
	}
	printf "<svg xmlns='http://www.w3.org/2000/svg' width='%d' height='%d' font-family='sans-serif' font-size='12'>\n",
		width, height
	print "<rect width='100%' height='100%' fill='white'/>"
	step = step_for(max_value)
	for (v = 0; v <= max_value; v += step) {
		printf "<line x1='%d' x2='%d' y1='%.1f' y2='%.1f' stroke='#ddd'/>\n", left, width - right, y_of(v), y_of(v)
		text(left - 6, y_of(v) + 4, "end", v)
	}
	step = step_for(max_n)
	for (n = 0; n <= max_n; n += step)
		text(x_of(n), height - bottom + 18, "middle", n)
	text(width / 2, height - 12, "middle", "running containers")
	text(left - 6, top - 12, "end", "ms")
	draw("reference, wall", "#888", "none", 1)
	draw("reference, CPU", "#888", "4 3", 2)
	draw("seaworthy, wall", "#06c", "none", 3)
	draw("seaworthy, CPU", "#06c", "4 3", 4)
	print "</svg>"
}
