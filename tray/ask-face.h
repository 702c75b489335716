/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is to be seen in the window of a question: its words, its time and its buttons. Whoever shows it hooks the buttons. */
#pragma once
#include "tray/view/ask.h"
#include <gtk/gtk.h>

typedef struct {
  GtkWidget *title, *text, *text_box, *long_text, *advice; /* borrowed: in the body, like all that follow */
  GtkWidget *countdown, *pause, *bar, *ignored, *limits;
  GtkWidget *said;                        /* how an answer was taken */
  GtkWidget *stack;                       /* of the buttons: "answers", "sure", "tag" or "over" */
  GtkWidget *now, *later, *cancel, *done; /* later: a menu of "ask.later" with the minutes */
  GtkWidget *sure, *back;                 /* to refuse for good is asked twice */
  GtkWidget *entry, *set_tag, *never;
  GtkWidget *close;
  char *delays; /* owned, nullable; the labels that the menu of delays was made of */
} OcsAskFace;

/* The body, floating; fills face. */
GtkWidget *ocs_ask_face_build (OcsAskFace *face);
void ocs_ask_face_clear (OcsAskFace *face);
/* Touches only what differs, and leaves "sure" as long as a refusal is allowed. */
void ocs_ask_face_draw (OcsAskFace *face, const OcsAsk *ask);
/* page: of the stack. */
void ocs_ask_face_turn (OcsAskFace *face, const char *page);
