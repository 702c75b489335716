/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ipc/error.h"
#include "ipc/json.h"
#include "worker/core/reply.h"

#include <string.h>

#define CONF                                                                                                                               \
  "{\"attributes\":{\"TYPE\":\"CONF\",\"ON\":\"1\",\"FRAG_LATENCY\":\"3\",\"CYCLE_LATENCY\":\"4\",\"PERIOD_LATENCY\":\"5\","               \
  "\"PERIOD_LENGTH\":\"6\",\"TIMEOUT\":\"7\",\"EXECUTION_TIMEOUT\":\"8\"},\"text\":\"\"}"
#define PACK(type, id)                                                                                                                     \
  "{\"attributes\":{" type "\"ID\":\"" id "\",\"INFO_LOC\":\"ocs/download\",\"PACK_LOC\":\"ocs/download\"},\"text\":\"\"}"
#define TYPED "\"TYPE\":\"PACK\","
#define DOWNLOAD(params) "\"options\":[{\"name\":\"DOWNLOAD\",\"params\":[" params "]}]"

static OcsReply *
parse (const char *text)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) object = ocs_json_parse (text, strlen (text), &error);
  OcsReply *reply;

  g_assert_no_error (error);
  reply = ocs_reply_from_json (object, &error);
  g_assert_no_error (error);
  return reply;
}

static void
test_full (void)
{
  g_autoptr (OcsReply) reply = parse ("{\"response\":\"SEND\",\"prolog_freq\":24,\"inventory_on_startup\":true," DOWNLOAD (
      CONF "," PACK (TYPED, "17") "," PACK (TYPED, "18")) ",\"account\":[{\"name\":\"TAG\",\"value\":\"T1\"},{\"name\":\"fields_3\"}]}");
  const OcsPair *pair;

  g_assert_cmpstr (reply->response, ==, "SEND");
  g_assert_true (reply->wants_inventory);
  g_assert_false (reply->switched_off);
  g_assert_cmpint (reply->prolog_freq, ==, 24);
  g_assert_cmpint (reply->inventory_on_startup, ==, 1);
  g_assert_true (reply->has_download);
  g_assert_true (reply->pacing.on);
  g_assert_cmpint (reply->pacing.frag_latency, ==, 3);
  g_assert_cmpint (reply->pacing.cycle_latency, ==, 4);
  g_assert_cmpint (reply->pacing.period_latency, ==, 5);
  g_assert_cmpint (reply->pacing.period_length, ==, 6);
  g_assert_cmpint (reply->pacing.timeout_days, ==, 7);
  g_assert_cmpint (reply->pacing.execution_timeout_minutes, ==, 8);
  g_assert_cmpuint (reply->offers->len, ==, 2);
  g_assert_cmpstr (((OcsOffer *)reply->offers->pdata[1])->id, ==, "18");
  g_assert_cmpuint (reply->account->len, ==, 2);
  pair = reply->account->pdata[0];
  g_assert_cmpstr (pair->name, ==, "TAG");
  g_assert_cmpstr (pair->value, ==, "T1");
  pair = reply->account->pdata[1];
  g_assert_cmpstr (pair->value, ==, "");
  g_assert_null (reply->problems);
}

static void
test_stop (void)
{
  g_autoptr (OcsReply) off = parse ("{\"response\":\"STOP\",\"options\":[],\"account\":[]}");
  g_autoptr (OcsReply) packages = parse ("{\"response\":\"STOP\"," DOWNLOAD (PACK (TYPED, "17")) "}");
  g_autoptr (OcsReply) other = parse ("{\"response\":\"STOP\",\"options\":[{\"name\":\"REGISTRY\",\"params\":[]}]}");
  g_autoptr (OcsReply) sent = parse ("{\"response\":\"NO_ACCOUNT_UPDATE\"}");

  g_assert_true (off->switched_off);
  g_assert_false (off->has_download);
  g_assert_false (off->pacing.on);
  g_assert_cmpint (off->prolog_freq, ==, 0);
  g_assert_cmpint (off->inventory_on_startup, ==, -1);
  g_assert_false (packages->switched_off);
  g_assert_false (packages->wants_inventory);
  g_assert_cmpuint (packages->offers->len, ==, 1);
  g_assert_true (packages->pacing.on);
  g_assert_cmpint (packages->pacing.frag_latency, ==, 10);
  g_assert_cmpint (packages->pacing.cycle_latency, ==, 60);
  g_assert_cmpint (packages->pacing.period_latency, ==, 1);
  g_assert_cmpint (packages->pacing.period_length, ==, 10);
  g_assert_cmpint (packages->pacing.timeout_days, ==, 30);
  g_assert_cmpint (packages->pacing.execution_timeout_minutes, ==, 120);
  g_assert_false (other->switched_off);
  g_assert_false (other->has_download);
  g_assert_false (sent->switched_off);
}

static void
test_without_type (void)
{
  g_autoptr (OcsReply) reply = parse ("{\"response\":\"STOP\"," DOWNLOAD (
      PACK ("", "17") ",{\"attributes\":{\"ON\":\"0\",\"TIMEOUT\":\"9\"}},{\"attributes\":{\"ON\":\"1\"}},{\"attributes\":{}},7") "}");

  g_assert_cmpuint (reply->offers->len, ==, 1);
  g_assert_false (reply->pacing.on);
  g_assert_cmpint (reply->pacing.timeout_days, ==, 9);
}

static void
test_odd (void)
{
  g_autoptr (OcsReply) reply = parse ("{\"response\":\"STOP\",\"prolog_freq\":-7,\"inventory_on_startup\":null," DOWNLOAD (
      "{\"attributes\":{\"TYPE\":\"CONF\",\"FRAG_LATENCY\":\"-1\",\"PERIOD_LENGTH\":\"0\",\"TIMEOUT\":\"soon\"}},"
      "{\"attributes\":{\"TYPE\":\"CONF\",\"TIMEOUT\":\"3\"}}," PACK (TYPED, "../x") "," PACK (TYPED, "17") "," PACK (TYPED, "17")) "}");

  g_assert_cmpint (reply->prolog_freq, ==, 0);
  g_assert_cmpint (reply->inventory_on_startup, ==, -1);
  g_assert_cmpint (reply->pacing.frag_latency, ==, 10);
  g_assert_cmpint (reply->pacing.period_length, ==, 10);
  g_assert_cmpint (reply->pacing.timeout_days, ==, 30);
  g_assert_cmpuint (reply->offers->len, ==, 1);
  g_assert_nonnull (strstr (reply->problems, "PROLOG_FREQ"));
  g_assert_nonnull (strstr (reply->problems, "FRAG_LATENCY"));
  g_assert_nonnull (strstr (reply->problems, "TIMEOUT"));
  g_assert_nonnull (strstr (reply->problems, "ID is not"));
  g_assert_nonnull (strstr (reply->problems, "17 is offered twice"));
}

static void
test_types (void)
{
  g_autoptr (OcsReply) reply =
      parse ("{\"response\":\"SEND\",\"prolog_freq\":\"x\",\"inventory_on_startup\":\"1\",\"options\":[1,null,{\"name\":3},"
             "{\"name\":\"DOWNLOAD\",\"params\":{}}],\"account\":[1,{\"value\":\"x\"},{\"name\":\"\"}]}");

  g_assert_cmpint (reply->prolog_freq, ==, 0);
  g_assert_cmpint (reply->inventory_on_startup, ==, -1);
  g_assert_true (reply->has_download);
  g_assert_cmpuint (reply->account->len, ==, 0);
}

static void
test_no_response (void)
{
  g_autoptr (JsonObject) object = json_object_new ();
  g_autoptr (GError) error = NULL;

  g_assert_null (ocs_reply_from_json (object, &error));
  g_assert_error (error, OCS_ERROR, OCS_ERROR_BAD_REPLY);
}

static void
test_pacing_json (void)
{
  OcsPacing pacing, back;
  g_autoptr (JsonObject) object = NULL;

  ocs_pacing_init (&pacing);
  pacing.on = TRUE;
  pacing.timeout_days = 3;
  object = ocs_pacing_to_json (&pacing);
  json_object_set_int_member (object, "frag_latency", -5);
  ocs_pacing_from_json (&back, object);
  g_assert_true (back.on);
  g_assert_cmpint (back.timeout_days, ==, 3);
  g_assert_cmpint (back.frag_latency, ==, 10);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/reply/full", test_full);
  g_test_add_func ("/reply/stop", test_stop);
  g_test_add_func ("/reply/without-type", test_without_type);
  g_test_add_func ("/reply/odd", test_odd);
  g_test_add_func ("/reply/types", test_types);
  g_test_add_func ("/reply/no-response", test_no_response);
  g_test_add_func ("/reply/pacing-json", test_pacing_json);
  return g_test_run ();
}
