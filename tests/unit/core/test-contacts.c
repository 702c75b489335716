/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ipc/json.h"
#include "worker/core/contacts.h"
#include <string.h>

static void
test_round (void)
{
  g_autoptr (GPtrArray) contacts = ocs_contacts_new ();
  g_autoptr (OcsReason) reason = ocs_reason_new ("tls", "ocs.lan: unknown CA: set CaBundle");
  g_autoptr (JsonObject) object = NULL;
  g_autoptr (GPtrArray) again = NULL;
  const OcsOutcome *last;

  ocs_contacts_add (contacts, ocs_outcome_new (7, 1000, OCS_OUTCOME_SENT, NULL));
  ocs_contacts_add (contacts, ocs_outcome_new (0, 2000, OCS_OUTCOME_FAILED, reason));
  object = ocs_contacts_to_json (contacts);
  again = ocs_contacts_from_json (object);
  g_assert_cmpuint (again->len, ==, 2);
  last = again->pdata[1];
  g_assert_cmpint (last->time, ==, 2000);
  g_assert_cmpint (last->serial, ==, 0);
  g_assert_cmpint (last->kind, ==, OCS_OUTCOME_FAILED);
  g_assert_cmpstr (last->reason->code, ==, "tls");
}

static void
test_bounded (void)
{
  g_autoptr (GPtrArray) contacts = ocs_contacts_new ();
  const OcsOutcome *first, *last;

  for (int i = 1; i <= 3 * OCS_CONTACTS_MAX; i++)
    ocs_contacts_add (contacts, ocs_outcome_new (i, i, OCS_OUTCOME_CONTACTED, NULL));
  g_assert_cmpuint (contacts->len, ==, OCS_CONTACTS_MAX);
  first = contacts->pdata[0];
  last = contacts->pdata[OCS_CONTACTS_MAX - 1];
  g_assert_cmpint (first->time, ==, 2 * OCS_CONTACTS_MAX + 1);
  g_assert_cmpint (last->time, ==, 3 * OCS_CONTACTS_MAX);
}

/* What somebody has damaged on disk costs no more than what is damaged. */
static void
test_bad (void)
{
  static const struct {
    const char *text;
    guint count;
  } cases[] = {
      {"{}", 0},
      {"{\"contacts\":7}", 0},
      {"{\"contacts\":[1,null,[],\"x\"]}", 0},
      {"{\"contacts\":[{\"time\":5,\"kind\":\"sent\"},{\"time\":\"x\",\"kind\":9}]}", 2},
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (JsonObject) object = ocs_json_parse (cases[i].text, strlen (cases[i].text), NULL);
    g_autoptr (GPtrArray) contacts = ocs_contacts_from_json (object);

    g_assert_cmpuint (contacts->len, ==, cases[i].count);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/contacts/round", test_round);
  g_test_add_func ("/contacts/bounded", test_bounded);
  g_test_add_func ("/contacts/bad", test_bad);
  return g_test_run ();
}
