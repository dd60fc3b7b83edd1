/* SPDX-License-Identifier: Apache-2.0 */
/* tables.h: the built-in tables of checks, one per file of checks/; each ends with a row without an
 * id. */
#ifndef SW_CHECKS_TABLES_H
#define SW_CHECKS_TABLES_H

#include <seaworthy/check.h>

extern const struct sw_check sw_audit_rule_checks[];
extern const struct sw_check sw_container_confinement_checks[];
extern const struct sw_check sw_container_exec_checks[];
extern const struct sw_check sw_container_limits_checks[];
extern const struct sw_check sw_container_mounts_checks[];
extern const struct sw_check sw_container_namespaces_checks[];
extern const struct sw_check sw_container_network_checks[];
extern const struct sw_check sw_container_privilege_checks[];
extern const struct sw_check sw_container_runtime_checks[];
extern const struct sw_check sw_container_socket_checks[];
extern const struct sw_check sw_container_user_checks[];
extern const struct sw_check sw_daemon_checks[];
extern const struct sw_check sw_daemon_api_checks[];
extern const struct sw_check sw_daemon_isolation_checks[];
extern const struct sw_check sw_daemon_logging_checks[];
extern const struct sw_check sw_daemon_network_checks[];
extern const struct sw_check sw_daemon_storage_checks[];
extern const struct sw_check sw_file_checks[];
extern const struct sw_check sw_host_file_checks[];
extern const struct sw_check sw_host_file_group_checks[];
extern const struct sw_check sw_host_mount_checks[];
extern const struct sw_check sw_host_ssh_checks[];
extern const struct sw_check sw_host_ssh_access_checks[];
extern const struct sw_check sw_host_ssh_algorithms_checks[];
extern const struct sw_check sw_host_file_walk_checks[];
extern const struct sw_check sw_host_mount_more_checks[];
extern const struct sw_check sw_host_section1_checks[];
extern const struct sw_check sw_operations_checks[];
extern const struct sw_check sw_image_config_checks[];
extern const struct sw_check sw_image_files_checks[];
extern const struct sw_check sw_image_history_checks[];
extern const struct sw_check sw_image_origin_checks[];
extern const struct sw_check sw_image_trust_checks[];
extern const struct sw_check sw_swarm_checks[];
extern const struct sw_check sw_swarm_cluster_checks[];
extern const struct sw_check sw_swarm_network_checks[];
extern const struct sw_check sw_swarm_services_checks[];
extern const struct sw_check sw_version_floor_checks[];
extern const struct sw_check sw_container_drift_checks[];
extern const struct sw_check sw_container_drift_mount_checks[];
extern const struct sw_check sw_container_drift_namespace_checks[];
extern const struct sw_check sw_extra_container_checks[];
extern const struct sw_check sw_extra_container_kernel_checks[];
extern const struct sw_check sw_extra_container_runtime_checks[];
extern const struct sw_check sw_extra_engine_checks[];
extern const struct sw_check sw_extra_helper_checks[];
extern const struct sw_check sw_extra_engine_default_checks[];
extern const struct sw_check sw_extra_file_checks[];
extern const struct sw_check sw_extra_network_checks[];
extern const struct sw_check sw_host_image_checks[];
extern const struct sw_check sw_host_package_checks[];
extern const struct sw_check sw_host_process_checks[];
extern const struct sw_check sw_host_update_checks[];
extern const struct sw_check sw_host_repos_checks[];
extern const struct sw_check sw_host_autoupdate_checks[];
extern const struct sw_check sw_host_svc_checks[];
extern const struct sw_check sw_host_svc_network_checks[];
extern const struct sw_check sw_host_unit_checks[];
extern const struct sw_check sw_host_time_checks[];
extern const struct sw_check sw_host_net_checks[];
extern const struct sw_check sw_host_account_checks[];
extern const struct sw_check sw_host_group_checks[];
extern const struct sw_check sw_host_home_checks[];
extern const struct sw_check sw_host_login_checks[];
extern const struct sw_check sw_host_password_checks[];
extern const struct sw_check sw_host_banner_checks[];
extern const struct sw_check sw_host_crypto_checks[];
extern const struct sw_check sw_host_pam_checks[];
extern const struct sw_check sw_host_pam_option_checks[];
extern const struct sw_check sw_host_sudo_checks[];
extern const struct sw_check sw_host_image_tree_checks[];
extern const struct sw_check sw_host_integrity_checks[];
extern const struct sw_check sw_host_job_checks[];
extern const struct sw_check sw_host_sysctl_kernel_checks[];
extern const struct sw_check sw_host_sysctl_special_checks[];
extern const struct sw_check sw_host_sysctl_interface_checks[];
extern const struct sw_check sw_host_sysctl_forward_checks[];
extern const struct sw_check sw_host_sysctl_meta_checks[];
extern const struct sw_check sw_host_contained_checks[];
extern const struct sw_check sw_host_coredump_checks[];
extern const struct sw_check sw_host_audit_checks[];
extern const struct sw_check sw_host_audit_conf_checks[];
extern const struct sw_check sw_host_audit_privileged_checks[];
extern const struct sw_check sw_host_audit_rule_checks[];
extern const struct sw_check sw_host_journal_checks[];
extern const struct sw_check sw_host_rsyslog_checks[];
extern const struct sw_check sw_host_boot_row_checks[];
extern const struct sw_check sw_host_boot_shell_checks[];
extern const struct sw_check sw_host_boot_cgroup_checks[];
extern const struct sw_check sw_host_boot_live_checks[];
extern const struct sw_check sw_host_boot_loader_checks[];
extern const struct sw_check sw_host_cpu_checks[];
extern const struct sw_check sw_host_kconfig_checks[];
extern const struct sw_check sw_host_lsm_checks[];
extern const struct sw_check sw_host_module_checks[];
extern const struct sw_check sw_host_selinux_checks[];
extern const struct sw_check sw_host_firewall_checks[];
extern const struct sw_check sw_host_firewall_boot_checks[];

#endif
