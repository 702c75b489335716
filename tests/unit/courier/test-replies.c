/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ipc/error.h"
#include "ipc/json.h"
#include "worker/courier/replies.h"
#include "worker/courier/zip.h"
#include <string.h>

/* Parses text and gives the reply as JSON; NULL for no reply. */
static char *
parse (const char *text)
{
  g_autoptr (JsonObject) reply = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (ocs_replies_parse ((const guint8 *)text, strlen (text), "ocs.example:80", &reply, &error));
  g_assert_no_error (error);
  return reply != NULL ? ocs_json_write (reply) : NULL;
}

static void
assert_refused (const guint8 *bytes, gsize length, const char *words)
{
  g_autoptr (JsonObject) reply = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_false (ocs_replies_parse (bytes, length, "ocs.example:80", &reply, &error));
  g_assert_error (error, OCS_ERROR, OCS_ERROR_BAD_REPLY);
  g_assert_null (reply);
  g_test_message ("%s", error->message);
  g_assert_nonnull (strstr (error->message, words));
  g_assert_null (strchr (error->message, '\n'));
}

static void
test_prolog (void)
{
  g_autofree char *json =
      parse ("<?xml version='1.0' encoding='UTF-8'?>\n<REPLY>\n  <OPTION>\n"
             "    <PARAM ON=\"1\" TYPE=\"CONF\" FRAG_LATENCY=\"10\" />\n    <NAME>DOWNLOAD</NAME>\n"
             "    <PARAM ID=\"17\" TYPE=\"PACK\" PACK_LOC=\"h:80/d?a&amp;b\" />\n  </OPTION>\n"
             "  <PROLOG_FREQ>24</PROLOG_FREQ>\n  <OPTION><NAME>IPDISCOVER</NAME><PARAM IPDISC_LAT=\"100\">10.0.0.0</PARAM></OPTION>\n"
             "  <INVENTORY_ON_STARTUP>1</INVENTORY_ON_STARTUP>\n  <RESPONSE> SEND </RESPONSE>\n</REPLY>\n");

  g_assert_cmpstr (
      json, ==,
      "{\"response\":\"SEND\",\"prolog_freq\":24,\"inventory_on_startup\":true,\"options\":["
      "{\"name\":\"DOWNLOAD\",\"params\":[{\"attributes\":{\"ON\":\"1\",\"TYPE\":\"CONF\",\"FRAG_LATENCY\":\"10\"},\"text\":\"\"},"
      "{\"attributes\":{\"ID\":\"17\",\"TYPE\":\"PACK\",\"PACK_LOC\":\"h:80/d?a&b\"},\"text\":\"\"}]},"
      "{\"name\":\"IPDISCOVER\",\"params\":[{\"attributes\":{\"IPDISC_LAT\":\"100\"},\"text\":\"10.0.0.0\"}]}],\"account\":[]}");
}

static void
test_account (void)
{
  g_autofree char *json =
      parse ("<?xml version='1.0'?><REPLY><ACCOUNTINFO><KEYVALUE>T\xc3\xa9</KEYVALUE><KEYNAME>TAG</KEYNAME></ACCOUNTINFO>"
             "<ACCOUNTINFO><KEYNAME>fields_3</KEYNAME><KEYVALUE/></ACCOUNTINFO><ACCOUNTINFO><KEYVALUE>x</KEYVALUE></ACCOUNTINFO>"
             "<RESPONSE><![CDATA[ACCOUNT_UPDATE]]></RESPONSE></REPLY>");

  g_assert_cmpstr (json, ==,
                   "{\"response\":\"ACCOUNT_UPDATE\",\"options\":[],\"account\":[{\"name\":\"TAG\",\"value\":\"T\xc3\xa9\"},"
                   "{\"name\":\"fields_3\",\"value\":\"\"}]}");
}

static void
test_attributes_for_elements (void)
{
  g_autofree char *json =
      parse ("<REPLY RESPONSE=\"STOP\" PROLOG_FREQ=\"x\" INVENTORY_ON_STARTUP=\"0\"><OPTION NAME=\"A\"/><UNKNOWN/></REPLY>");

  g_assert_cmpstr (json, ==,
                   "{\"response\":\"STOP\",\"inventory_on_startup\":false,\"options\":[{\"name\":\"A\",\"params\":[]}],\"account\":[]}");
}

static void
test_latin1 (void)
{
  g_autofree char *json = parse ("<?xml version='1.0' encoding='ISO-8859-1'?><REPLY><RESPONSE>\xe9</RESPONSE></REPLY>");

  g_assert_nonnull (strstr (json, "\xc3\xa9"));
}

static void
test_nothing (void)
{
  g_assert_null (parse (""));
}

static void
test_not_ocs (void)
{
  static const char *const pages[] = {
      "<!DOCTYPE html>\n<html><body>Please log in</body></html>",
      "<HTML><HEAD></HEAD></HTML>",
  };
  static const char *const others[] = {
      "OK",
      "{\"reply\":1}",
      "<?xml version='1.0'?><ERROR/>",
      "<?xml version='1.0'?><REPLY><RESPONSE>SEND</RESPONSE>",
      "<?xml version='1.0'?><REPLY>&undefined;</REPLY>",
      "<?xml version='1.0'?><!DOCTYPE REPLY [<!ENTITY a \"b\">]><REPLY><RESPONSE>&a;</RESPONSE></REPLY>",
      "<?xml version='1.0'?><!DOCTYPE REPLY SYSTEM \"file:///etc/passwd\"><REPLY><RESPONSE>SEND</RESPONSE></REPLY>",
      "   ",
  };

  for (guint i = 0; i < G_N_ELEMENTS (pages); i++)
    assert_refused ((const guint8 *)pages[i], strlen (pages[i]), "web page");
  for (guint i = 0; i < G_N_ELEMENTS (others); i++)
    assert_refused ((const guint8 *)others[i], strlen (others[i]), "not as an OCS server");
}

static void
test_packed (void)
{
  static const char text[] = "<?xml version='1.0'?><REPLY><RESPONSE>SEND</RESPONSE></REPLY>";
  g_autoptr (OcsZip) zip = ocs_zip_new (1000);
  g_autoptr (GByteArray) packed = NULL;
  g_autoptr (JsonObject) reply = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (ocs_zip_add (zip, (const guint8 *)text, strlen (text), &error));
  packed = ocs_zip_finish (zip, &error);
  g_assert_true (ocs_replies_parse (packed->data, packed->len, "h", &reply, &error));
  g_assert_no_error (error);
  g_assert_cmpstr (ocs_json_string (reply, "response"), ==, "SEND");
}

static void
test_bomb (void)
{
  g_autofree guint8 *spaces = g_malloc (16 * 1024 * 1024);
  g_autoptr (OcsZip) zip = ocs_zip_new (G_MAXINT);
  g_autoptr (GByteArray) packed = NULL;
  g_autoptr (GError) error = NULL;

  memset (spaces, ' ', 16 * 1024 * 1024);
  for (guint i = 0; i < 20; i++)
    g_assert_true (ocs_zip_add (zip, spaces, 16 * 1024 * 1024, &error));
  packed = ocs_zip_finish (zip, &error);
  assert_refused (packed->data, packed->len, "unpacks to more");
}

/* Larger than a message on the socket may be. */
static void
test_too_many_options (void)
{
  g_autoptr (GString) text = g_string_new ("<REPLY>");

  for (guint i = 0; i < 30000; i++)
    g_string_append (text, "<OPTION><NAME>A</NAME><PARAM ID=\"1\"/></OPTION>");
  g_string_append (text, "</REPLY>");
  assert_refused ((const guint8 *)text->str, text->len, "larger than");
}

static void
test_deep (void)
{
  g_autoptr (GString) text = g_string_new ("<REPLY>");

  for (guint i = 0; i < 300000; i++)
    g_string_append (text, "<A>");
  assert_refused ((const guint8 *)text->str, text->len, "not as an OCS server");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/replies/prolog", test_prolog);
  g_test_add_func ("/replies/account", test_account);
  g_test_add_func ("/replies/attributes-for-elements", test_attributes_for_elements);
  g_test_add_func ("/replies/latin1", test_latin1);
  g_test_add_func ("/replies/nothing", test_nothing);
  g_test_add_func ("/replies/not-ocs", test_not_ocs);
  g_test_add_func ("/replies/packed", test_packed);
  g_test_add_func ("/replies/bomb", test_bomb);
  g_test_add_func ("/replies/too-many-options", test_too_many_options);
  g_test_add_func ("/replies/deep", test_deep);
  return g_test_run ();
}
