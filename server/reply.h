/* Reply: how handlers answer.
 *
 *     struct json_writer *json = reply_json(request, 200);
 *     json_object(json); …                                         into request->out
 *     return HANDLED;
 *
 *     return reply_problem(request, PROBLEM_NOT_FOUND, NULL);
 *
 * Everything carries X-Request-Id and nosniff; what is not ready-made also "private, no-store". */
#ifndef SERVER_REPLY_H
#define SERVER_REPLY_H

#include "base/json_writer.h"
#include "server/request.h"

/* Begins a JSON answer. */
struct json_writer reply_json(struct request *request, unsigned status);
/* An answer without a body. */
enum handled reply_empty(struct request *request, unsigned status);
/* A ready-made one. */
enum handled reply_kept(struct request *request, unsigned status, struct ready *kept);

/* `value` is copied into the request's arena; what does not fit there is left out. */
void reply_header(struct request *request, const char *name, struct str value);

/* A whole problem; `detail` may be NULL. */
enum handled reply_problem(struct request *request, enum problem problem, const char *detail);
enum handled reply_problem_str(struct request *request, enum problem problem, struct str detail);
/* The same from a failed call. */
enum handled reply_failure(struct request *request, enum status status, enum refusal refusal);
/* A problem with further members: write them, then json_object_end(). */
struct json_writer reply_problem_open(struct request *request, enum problem problem, struct str detail);

/* "2026-01-31T10:00:00Z" */
void reply_moment(struct json_writer *json, struct str key, int64_t ms);

/* The event thread's part: makes libmicrohttpd's response of the reply and queues it. */
enum MHD_Result reply_send(struct request *request);

#endif
