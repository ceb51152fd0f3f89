/* On asset: what the pages look like. server/on_asset.c */
#include "server/on.h"

enum handled asset_get(struct request *request)
{
    unsigned status;
    struct arguments arguments;
    if (!on_arguments(request, &arguments)) return HANDLED;
    struct ready *ready = asset_find(&request->server->assets, request_param(request, ROUTE_ASSET),
                                     request->facts.header[HEADER_ACCEPT_ENCODING],
                                     request->facts.header[HEADER_IF_NONE_MATCH], &status);
    return ready ? reply_kept(request, status, ready) : reply_problem(request, PROBLEM_NOT_FOUND, NULL);
}
