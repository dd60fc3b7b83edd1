/* SPDX-License-Identifier: Apache-2.0 */
/* report_sinks.h: the sinks by name, for the table in report.c only. */
#ifndef SW_REPORT_SINKS_H
#define SW_REPORT_SINKS_H

#include "report.h"

extern const struct sink sink_text;
extern const struct sink sink_json;
extern const struct sink sink_junit;
extern const struct sink sink_junit_ant;
extern const struct sink sink_xccdf;
extern const struct sink sink_arf;
extern const struct sink sink_hdf;
extern const struct sink sink_sarif;
extern const struct sink sink_sarif_all;
extern const struct sink sink_markdown;
extern const struct sink sink_html;
extern const struct sink sink_csv;
extern const struct sink sink_ndjson;
extern const struct sink sink_tap;
extern const struct sink sink_prometheus;
extern const struct sink sink_gitlab;
extern const struct sink sink_github;
extern const struct sink sink_nagios;
extern const struct sink sink_bench;

#endif
