/* SPDX-License-Identifier: Apache-2.0 */
/* tables.h: the built-in tables of checks, one per file of checks/; each ends with a row without an id. */
#ifndef SW_CHECKS_TABLES_H
#define SW_CHECKS_TABLES_H

#include <seaworthy/check.h>

extern const struct sw_check sw_container_confinement_checks[];
extern const struct sw_check sw_container_exec_checks[];
extern const struct sw_check sw_container_limits_checks[];
extern const struct sw_check sw_container_mounts_checks[];
extern const struct sw_check sw_container_namespaces_checks[];
extern const struct sw_check sw_container_network_checks[];
extern const struct sw_check sw_container_privilege_checks[];
extern const struct sw_check sw_container_runtime_checks[];
extern const struct sw_check sw_container_socket_checks[];
extern const struct sw_check sw_daemon_checks[];
extern const struct sw_check sw_daemon_api_checks[];
extern const struct sw_check sw_daemon_isolation_checks[];
extern const struct sw_check sw_daemon_logging_checks[];
extern const struct sw_check sw_daemon_network_checks[];
extern const struct sw_check sw_daemon_storage_checks[];
extern const struct sw_check sw_file_checks[];
extern const struct sw_check sw_swarm_checks[];

#endif
