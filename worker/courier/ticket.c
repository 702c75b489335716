/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "ocs-ticket"
#include "worker/courier/ticket.h"
#include "ipc/error.h"
#include <krb5/krb5.h>
#include <string.h>

/* Seconds. */
#define SPARE_LIFE (5 * 60)
#define FAILURE_LIFE 60

struct _OcsTickets {
  GQueue waiting;   /* of GTask */
  gboolean running; /* a thread asks */
  char *key;        /* owned, nullable; whom the last answer is for */
  char *problem;    /* owned, nullable; what came of it */
  gint64 until;     /* seconds since 1970; how long it holds */
};

/* What a thread is asked, and its answer. */
typedef struct {
  OcsTickets *tickets; /* borrowed; NULL once they have gone */
  char *key;           /* owned */
  char *keytab;        /* owned */
  char *proxy;         /* owned */
  char *problem;       /* owned, nullable */
  gint64 until;
} Question;

/* All that one visit to the KDC needs; zero where not yet made. */
typedef struct {
  krb5_context context;
  krb5_keytab keytab;
  krb5_ccache cache;
  krb5_principal self;
  krb5_principal service;
  krb5_creds granting;
} Visit;

static void tickets_ask_next (OcsTickets *tickets);

OcsTickets *
ocs_tickets_new (void)
{
  OcsTickets *tickets = g_new0 (OcsTickets, 1);

  g_queue_init (&tickets->waiting);
  return tickets;
}

static void
question_free (Question *question)
{
  g_free (question->key);
  g_free (question->keytab);
  g_free (question->proxy);
  g_free (question->problem);
  g_free (question);
}

static void
visit_end (Visit *visit)
{
  if (visit->context == NULL)
    return;
  krb5_free_cred_contents (visit->context, &visit->granting);
  krb5_free_principal (visit->context, visit->service);
  krb5_free_principal (visit->context, visit->self);
  if (visit->cache != NULL)
    krb5_cc_close (visit->context, visit->cache);
  if (visit->keytab != NULL)
    krb5_kt_close (visit->context, visit->keytab);
  krb5_free_context (visit->context);
}

/* Machines of a Windows domain log in as NAME$; their other entries are for those who come to them. */
static gboolean
is_machine (krb5_context context, krb5_const_principal principal)
{
  const krb5_data *name = krb5_princ_size (context, principal) == 1 ? krb5_princ_component (context, principal, 0) : NULL;

  return name != NULL && name->length > 1 && name->data[name->length - 1] == '$';
}

/* A unit's user lives only while it runs, so no file can belong to it: systemd hands the keytab over as a credential of the same name. */
static char *
dup_keytab_path (const char *keytab)
{
  const char *folder = g_getenv ("CREDENTIALS_DIRECTORY");
  g_autofree char *name = g_path_get_basename (keytab);
  g_autofree char *path = folder != NULL ? g_build_filename (folder, name, NULL) : NULL;

  return path != NULL && g_file_test (path, G_FILE_TEST_IS_REGULAR) ? g_steal_pointer (&path) : g_strdup (keytab);
}

static krb5_error_code
visit_choose_self (Visit *visit)
{
  krb5_kt_cursor cursor;
  krb5_keytab_entry entry;
  krb5_error_code code = krb5_kt_start_seq_get (visit->context, visit->keytab, &cursor);

  if (code != 0)
    return code;
  while (krb5_kt_next_entry (visit->context, visit->keytab, &entry, &cursor) == 0) {
    if (visit->self == NULL || (!is_machine (visit->context, visit->self) && is_machine (visit->context, entry.principal))) {
      krb5_free_principal (visit->context, visit->self);
      visit->self = NULL;
      code = krb5_copy_principal (visit->context, entry.principal, &visit->self);
    }
    krb5_free_keytab_entry_contents (visit->context, &entry);
  }
  krb5_kt_end_seq_get (visit->context, visit->keytab, &cursor);
  return code != 0 || visit->self != NULL ? code : KRB5_KT_NOTFOUND;
}

/* A machine's keytab says who it is; nothing of it leaves this process but to the KDC and the proxy. */
static krb5_error_code
visit_enter (Visit *visit, const Question *question)
{
  g_autofree char *path = dup_keytab_path (question->keytab);
  g_autofree char *name = g_strconcat ("FILE:", path, NULL);
  krb5_error_code code = krb5_kt_resolve (visit->context, name, &visit->keytab);

  if (code == 0)
    code = visit_choose_self (visit);
  if (code == 0)
    code = krb5_get_init_creds_keytab (visit->context, &visit->granting, visit->self, visit->keytab, 0, NULL, NULL);
  if (code == 0)
    code = krb5_cc_resolve (visit->context, OCS_TICKET_CACHE, &visit->cache);
  if (code == 0)
    code = krb5_cc_initialize (visit->context, visit->cache, visit->self);
  if (code == 0)
    code = krb5_cc_store_cred (visit->context, visit->cache, &visit->granting);
  return code;
}

static krb5_error_code
visit_get_service (Visit *visit, Question *question)
{
  krb5_creds wanted = {0}, *got = NULL;
  krb5_error_code code = krb5_sname_to_principal (visit->context, question->proxy, "HTTP", KRB5_NT_SRV_HST, &visit->service);

  if (code != 0)
    return code;
  wanted.client = visit->self;
  wanted.server = visit->service;
  code = krb5_get_credentials (visit->context, 0, visit->cache, &wanted, &got);
  if (code != 0)
    return code;
  /* The 32 bits of libkrb5 count on without a sign after 2038. */
  question->until = (gint64)(guint32)got->times.endtime - SPARE_LIFE;
  krb5_free_creds (visit->context, got);
  return 0;
}

static char *
describe (const Visit *visit, const Question *question, krb5_error_code code, gboolean entered)
{
  const char *reason = krb5_get_error_message (visit->context, code);
  g_autofree char *text = g_utf8_make_valid (reason, -1);

  krb5_free_error_message (visit->context, reason);
  switch (code) {
  case KRB5KRB_AP_ERR_SKEW:
  case KRB5KDC_ERR_NEVER_VALID:
    return g_strdup ("the KDC's clock differs from this machine's: set the clock");
  case KRB5_KDC_UNREACH:
  case KRB5_REALM_UNKNOWN:
    return g_strdup_printf ("the KDC does not answer: check /etc/krb5.conf and the network (%s)", text);
  case KRB5KDC_ERR_S_PRINCIPAL_UNKNOWN:
    return g_strdup_printf ("the KDC does not know HTTP/%s: write Proxy= as the KDC knows it, or add that principal", question->proxy);
  case KRB5KDC_ERR_C_PRINCIPAL_UNKNOWN:
  case KRB5KDC_ERR_PREAUTH_FAILED:
  case KRB5KRB_AP_ERR_BAD_INTEGRITY:
    return g_strdup_printf ("the KDC does not accept the keytab %s: make it anew (%s)", question->keytab, text);
  default:
    break;
  }
  if (!entered && visit->self == NULL)
    return g_strdup_printf ("the keytab %s cannot be read by the user of ocs-courier: check ProxyKeytab= and the file's mode (%s)",
                            question->keytab, text);
  return g_strdup_printf ("%s: check ProxyKeytab= and /etc/krb5.conf", text);
}

static void
run_question (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Question *question = data;
  Visit visit = {0};
  gboolean entered = FALSE;
  krb5_error_code code = krb5_init_context (&visit.context);

  if (code != 0) {
    question->problem = g_strdup ("Kerberos is not set up on this machine: check /etc/krb5.conf");
    g_task_return_boolean (task, FALSE);
    return;
  }
  code = visit_enter (&visit, question);
  entered = code == 0;
  if (entered)
    code = visit_get_service (&visit, question);
  if (code != 0)
    question->problem = describe (&visit, question, code, entered);
  visit_end (&visit);
  g_task_return_boolean (task, code == 0);
}

static gint64
now (void)
{
  return g_get_real_time () / G_USEC_PER_SEC;
}

static void
tickets_answer (OcsTickets *tickets, GTask *task)
{
  if (tickets->problem != NULL)
    g_task_return_new_error (task, OCS_ERROR, OCS_ERROR_PROXY_AUTH, "%s", tickets->problem);
  else
    g_task_return_boolean (task, TRUE);
  g_object_unref (task);
}

static void
on_question_answered (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Question *question = g_task_get_task_data (G_TASK (result));
  OcsTickets *tickets = question->tickets;

  tickets->running = FALSE;
  g_free (tickets->key);
  g_free (tickets->problem);
  tickets->key = g_steal_pointer (&question->key);
  tickets->problem = g_steal_pointer (&question->problem);
  tickets->until = tickets->problem != NULL ? now () + FAILURE_LIFE : question->until;
  if (tickets->problem != NULL)
    g_debug ("no ticket: %s", tickets->problem);
  tickets_answer (tickets, g_queue_pop_head (&tickets->waiting));
  tickets_ask_next (tickets);
}

static char *
dup_key (const char *keytab, const char *proxy)
{
  return g_strconcat (keytab, "\n", proxy, NULL);
}

/* Answers what is known already; the first that is not goes to a thread, the others wait. */
static void
tickets_ask_next (OcsTickets *tickets)
{
  while (!tickets->running && !g_queue_is_empty (&tickets->waiting)) {
    GTask *head = g_queue_peek_head (&tickets->waiting);
    const Question *asked = g_task_get_task_data (head);
    g_autoptr (GTask) task = NULL;
    Question *question;

    if (g_strcmp0 (asked->key, tickets->key) == 0 && now () < tickets->until) {
      tickets_answer (tickets, g_queue_pop_head (&tickets->waiting));
      continue;
    }
    question = g_new0 (Question, 1);
    question->tickets = tickets;
    question->key = g_strdup (asked->key);
    question->keytab = g_strdup (asked->keytab);
    question->proxy = g_strdup (asked->proxy);
    task = g_task_new (NULL, NULL, on_question_answered, NULL);
    g_task_set_task_data (task, question, (GDestroyNotify)question_free);
    tickets->running = TRUE;
    g_task_run_in_thread (task, run_question);
  }
}

void
ocs_tickets_free (OcsTickets *tickets)
{
  if (tickets == NULL)
    return;
  /* The main loop is over: nobody hears the thread any more. */
  g_queue_clear_full (&tickets->waiting, g_object_unref);
  g_free (tickets->key);
  g_free (tickets->problem);
  g_free (tickets);
}

void
ocs_tickets_get_async (OcsTickets *tickets, const char *keytab, const char *proxy, GCancellable *cancellable, GAsyncReadyCallback callback,
                       gpointer user_data)
{
  GTask *task = g_task_new (NULL, cancellable, callback, user_data);
  Question *question = g_new0 (Question, 1);

  question->key = dup_key (keytab, proxy);
  question->keytab = g_strdup (keytab);
  question->proxy = g_strdup (proxy);
  g_task_set_task_data (task, question, (GDestroyNotify)question_free);
  g_queue_push_tail (&tickets->waiting, task);
  tickets_ask_next (tickets);
}

gboolean
ocs_tickets_get_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

gboolean
ocs_tickets_have (OcsTickets *tickets, const char *keytab, const char *proxy)
{
  g_autofree char *key = dup_key (keytab, proxy);

  return tickets->problem == NULL && now () < tickets->until && g_strcmp0 (key, tickets->key) == 0;
}
