/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The settings as GetSettings tells them, with what somebody has changed. Pure. */
#pragma once
#include <glib.h>
#include <json-glib/json-glib.h>

typedef enum {
  OCS_KNOB_TEXT, /* also kinds that this version does not know */
  OCS_KNOB_FLAG,
  OCS_KNOB_NUMBER,
  OCS_KNOB_CHOICE,
  OCS_KNOB_SECRET,
} OcsKnobKind;

typedef struct {
  OcsKnobKind kind;
  char *section;  /* owned */
  char *key;      /* owned */
  char *value;    /* owned; as it is now, "" where nothing is set */
  char *fallback; /* owned, nullable */
  char *help;     /* owned */
  char *place;    /* owned, nullable; the drop-in that sets it, which nobody changes here */
  GStrv choices;  /* owned, nullable */
  gint64 minimum;
  gint64 maximum;
  gboolean is_set;
  gboolean is_hidden; /* it has a value that is kept from us */
  char *edited;       /* owned, nullable: not changed */
} OcsKnob;

/* Settings that count, without those that are ignored; the reply of GetSettings. element-type OcsKnob, transfer full. config: the name of
 * the file that is changed; what comes from another one is fixed. */
GPtrArray *ocs_knobs_parse (JsonObject *reply, const char *config);

/* What it is, or would be: never NULL. */
const char *ocs_knob_shown (const OcsKnob *knob);
gboolean ocs_knob_is_on (const OcsKnob *knob);
/* The same for somebody who only reads it, also that it is not set or not shown; translated, transfer full. */
char *ocs_knob_words (const OcsKnob *knob);
/* text as it is already counts as not changed; so does an empty one for a secret, which nobody can see. */
void ocs_knob_edit (OcsKnob *knob, const char *text);
/* A sentence, translated, transfer full; NULL where all is right. */
char *ocs_knob_problem (const OcsKnob *knob);
/* sought: nullable; words in key, section or help, in any case. */
gboolean ocs_knob_matches (const OcsKnob *knob, const char *sought);

/* Whether anything is changed, and nothing wrongly. */
gboolean ocs_knobs_can_save (const GPtrArray *knobs);
/* Whether what is changed may change the way to the server, so that it is worth a test. */
gboolean ocs_knobs_touch_way (const GPtrArray *knobs);
/* What is changed, for Configure; transfer full. */
JsonArray *ocs_knobs_assignments (const GPtrArray *knobs);
