// SPDX-License-Identifier: Apache-2.0
// Words for codes.

#include "verbs.h"

const char *ibv_wc_status_str(enum ibv_wc_status status) {
    static const char *const words[] = {
        "success", "local length error", "local QP operation error", "local EE context operation error",
        "local protection error", "Work Request Flushed Error", "memory management operation error",
        "bad response error", "local access error", "remote invalid request error", "remote access error",
        "remote operation error", "transport retry counter exceeded", "RNR retry counter exceeded",
        "local RDD violation error", "remote invalid RD request", "aborted error", "invalid EE context number",
        "invalid EE context state", "fatal error", "response timeout error", "general error"
    };
    return (unsigned) status < sizeof words / sizeof words[0] ? words[status] : "unknown";
}

const char *ibv_port_state_str(enum ibv_port_state state) {
    return state == IBV_PORT_ACTIVE ? "active" : "unknown";
}
