/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tray/view/presence.h"

#define LOCAL "# This is private data. Do not parse.\nUID=1000\nUSER=ann\nACTIVE=1\nREMOTE=0\nTYPE=x11\nSEAT=seat0\n"
#define REMOTE "UID=1000\nACTIVE=1\nREMOTE=1\nTYPE=x11\nSEAT=seat0\n"
#define XRDP "UID=1000\nACTIVE=1\nREMOTE=0\nTYPE=x11\nSERVICE=xrdp-sesman\n"

static void
test_table (void)
{
  static const char *const groups[] = {"users", "staff", NULL};
  static const OcsPresence seat = {.logind = TRUE, .at_seat = TRUE, .groups = groups};
  static const OcsPresence away = {.logind = TRUE, .groups = groups};
  static const OcsPresence by_hand = {.by_hand = TRUE, .logind = TRUE};
  static const OcsPresence unknown = {0};
  static const struct {
    const OcsPresence *presence;
    const char *show;
    gboolean shows;
  } cases[] = {
      {&seat, NULL, TRUE},          {&away, NULL, FALSE},          {&by_hand, NULL, TRUE},       {&unknown, NULL, TRUE},
      {&seat, "seat", TRUE},        {&away, "seat", FALSE},        {&by_hand, "Seat", TRUE},     {&unknown, "seat", TRUE},
      {&away, "all", TRUE},         {&away, "ALL", TRUE},          {&seat, "none", FALSE},       {&by_hand, "none", FALSE},
      {&away, "group:staff", TRUE}, {&away, "Group: staff", TRUE}, {&seat, "group:root", FALSE}, {&by_hand, "group:staff", FALSE},
      {&seat, "nonsense", TRUE},    {&away, "nonsense", FALSE},    {&seat, "group:", FALSE},
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_test_message ("case %u", i);
    g_assert_cmpint (ocs_presence_shows (cases[i].presence, cases[i].show), ==, cases[i].shows);
  }
}

static void
test_seat (void)
{
  g_assert_true (ocs_presence_is_at_seat (LOCAL, NULL));
  g_assert_false (ocs_presence_is_at_seat (REMOTE, NULL));
  g_assert_false (ocs_presence_is_at_seat (XRDP, NULL));
  g_assert_false (ocs_presence_is_at_seat (XRDP, "SEATS=seat0\n"));
  g_assert_true (ocs_presence_is_at_seat (NULL, "NAME=ann\nSEATS=seat0\nACTIVE_SEATS=\n"));
  g_assert_false (ocs_presence_is_at_seat (NULL, "NAME=ann\nSEATS=\nACTIVE_SEATS=seat0\n"));
  g_assert_false (ocs_presence_is_at_seat (NULL, NULL));
  g_assert_false (ocs_presence_is_at_seat ("", ""));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/presence/table", test_table);
  g_test_add_func ("/presence/seat", test_seat);
  return g_test_run ();
}
