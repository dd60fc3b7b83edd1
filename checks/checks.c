/* SPDX-License-Identifier: Apache-2.0 */
/* checks.c: the list of the built-in tables. */
#include "tables.h"

/* The registry's declaration of it; checks see none of the program's own headers. */
extern const struct sw_check *const sw_builtin_checks[];

const struct sw_check *const sw_builtin_checks[] = {
	sw_audit_rule_checks,
	sw_container_confinement_checks,
	sw_container_exec_checks,
	sw_container_limits_checks,
	sw_container_mounts_checks,
	sw_container_namespaces_checks,
	sw_container_network_checks,
	sw_container_privilege_checks,
	sw_container_runtime_checks,
	sw_container_socket_checks,
	sw_container_user_checks,
	sw_daemon_checks,
	sw_daemon_api_checks,
	sw_daemon_isolation_checks,
	sw_daemon_logging_checks,
	sw_daemon_network_checks,
	sw_daemon_storage_checks,
	sw_file_checks,
	sw_host_section1_checks,
	sw_operations_checks,
	sw_image_config_checks,
	sw_image_files_checks,
	sw_image_history_checks,
	sw_image_origin_checks,
	sw_image_trust_checks,
	sw_swarm_checks,
	sw_swarm_cluster_checks,
	sw_swarm_network_checks,
	sw_swarm_services_checks,
	sw_version_floor_checks,
	sw_container_drift_checks,
	sw_container_drift_mount_checks,
	sw_container_drift_namespace_checks,
	sw_extra_container_checks,
	sw_extra_container_runtime_checks,
	sw_extra_engine_checks,
	sw_extra_engine_default_checks,
	sw_extra_file_checks,
	sw_extra_network_checks,
	NULL,
};
