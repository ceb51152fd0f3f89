/* Notify: tells the service manager how the server is (sd_notify(3), the protocol of NOTIFY_SOCKET).
 *
 *     notify_manager("READY=1");        nothing happens when nobody asked to be told */
#ifndef CLI_NOTIFY_H
#define CLI_NOTIFY_H

/* `state`: lines of NAME=VALUE, such as "READY=1" and "STOPPING=1". Who cannot be reached is not told:
 * that is the manager's to notice. */
void notify_manager(const char *state);

#endif
