/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every window of the tray with much to say: nothing is cut off, and all of it fits on a small screen. The language comes from the
 * environment; both directions of writing and twice the size of text are tried in each. Needs a display. */
#include "ipc/json.h"
#include "tray/assistant/assistant.h"
#include "tray/dialog.h"
#include "tray/window.h"
#include <gio/gunixsocketaddress.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <locale.h>
#include <string.h>

/* Of a screen of 800 x 600, without a panel and borders. */
#define SMALL_WIDTH 780
#define SMALL_HEIGHT 540
#define DPI 96

#define LONG "a-name-that-somebody-found-necessary.branch-office-number-seventeen.example.org"

static const char status_text[] =
    "{\"state\":\"problem\",\"version\":\"1.0\",\"started\":1790000000,\"last_contact\":1790000000,\"last_success\":1789000000,"
    "\"next_contact\":1790100000,\"last_inventory\":1789000000,\"server\":\"https://" LONG "/ocsinventory\","
    "\"deviceid\":\"" LONG "-2026-01-02-03-04-05\",\"tag\":\"branch-17\",\"insecure\":true,"
    "\"warnings\":[\"line 7: ProxyTyp= is not known: ProxyType= may be meant\"],"
    "\"reason\":{\"code\":\"tls\",\"message\":\"" LONG ": unable to get local issuer certificate: set CaBundle=\"},"
    "\"proxy\":{\"kind\":\"http\",\"host\":\"" LONG "\",\"port\":3128,\"authenticated\":true,\"verdict\":\"revalidated\","
    "\"from_cache\":120000000000,\"from_wan\":30000000,\"reason\":{\"code\":\"proxy-auth\",\"message\":\"it wants Digest\"}},"
    "\"job\":{\"kind\":\"downloading\",\"package\":\"1700000001\",\"done\":123456789,\"total\":987654321,\"rate\":1234567,"
    "\"from_cache\":12345678,\"from_wan\":87654321},"
    "\"outcome\":{\"serial\":3,\"time\":1790000000,\"kind\":\"failed\",\"reason\":{\"code\":\"bad-reply\",\"message\":\"no XML\"}},"
    "\"packages\":["
    "{\"id\":\"1700000001\",\"step\":\"fetching\",\"action\":\"EXECUTE\",\"fragments_done\":3,\"fragments_total\":20,\"bytes\":987654321,"
    "\"from_cache\":12345678,\"from_wan\":87654321,\"since\":1789000000,\"updated\":1790000000,\"fragment_map\":\"ccw.................\"},"
    "{\"id\":\"1700000002\",\"step\":\"asking\",\"since\":1789000000,\"updated\":1790000000,\"waits_until\":1790003600,\"may_hurry\":true},"
    "{\"id\":\"1700000003\",\"step\":\"scheduled\",\"since\":1789000000,\"updated\":1790000000,\"scheduled\":1790103600},"
    "{\"id\":\"1700000004\",\"step\":\"described\",\"since\":1789000000,\"updated\":1790000000,"
    "\"reason\":{\"code\":\"untrusted\",\"message\":\"the server has no https and " LONG " is not in TrustedInfoHosts=\"}},"
    "{\"id\":\"1700000005\",\"step\":\"gone\",\"result\":\"ERR_EXECUTE_INTERRUPTED\",\"since\":1789000000,\"updated\":1790000000},"
    "{\"id\":\"1700000006\",\"step\":\"gone\",\"result\":\"EXIT_CODE_1603\",\"since\":1789000000,\"updated\":1790000000}],"
    "\"questions\":["
    "{\"id\":\"1700000002\",\"serial\":1,\"kind\":\"install\",\"text\":\"<p>An update of the <b>office programs</b> is ready. It takes "
    "about "
    "twenty minutes.<br>Save your work first.</p><ul><li>documents</li><li>mails</li></ul>\",\"asked\":1790000000,\"countdown\":600,"
    "\"remaining\":599,\"counted\":1790000000,\"counting\":true,\"may_pause\":true,\"may_delay\":true,\"delays_left\":3,"
    "\"deadline\":1790600000,\"may_cancel\":true},"
    "{\"id\":\"1700000007\",\"serial\":2,\"kind\":\"done\",\"text\":\"Please start the program again.\",\"asked\":1790000000},"
    "{\"id\":\"restart\",\"serial\":3,\"kind\":\"restart\",\"asked\":1790000000,\"countdown\":900,\"remaining\":800,\"counted\":1790000000,"
    "\"counting\":true,\"may_delay\":true,\"delays_left\":-1,\"deadline\":1790600000},"
    "{\"id\":\"tag\",\"serial\":4,\"kind\":\"tag\",\"text\":\"Which room is this machine in?\",\"asked\":1790000000}]}";

static const char settings_text[] =
    "{\"settings\":["
    "{\"section\":\"HTTP\",\"key\":\"Server\",\"kind\":\"server\",\"set\":true,\"value\":\"https://" LONG "/ocsinventory\","
    "\"help\":\"Address of the OCS server, as http://host/ocsinventory.\",\"source\":\"/etc/ocs-companion/ocsinventory.ini\"},"
    "{\"section\":\"HTTP\",\"key\":\"SSL\",\"kind\":\"bool\",\"set\":false,\"fallback\":\"1\","
    "\"help\":\"1 checks the certificates of https, 0 does not.\"},"
    "{\"section\":\"HTTP\",\"key\":\"Proxy\",\"kind\":\"proxy\",\"set\":true,\"hidden\":true,\"help\":"
    "\"Host name or address of the proxy, or several as a:3128;b:3128, each tried where those before cannot be reached.\"},"
    "{\"section\":\"HTTP\",\"key\":\"ProxyPort\",\"kind\":\"number\",\"set\":true,\"value\":\"3128\",\"minimum\":1,\"maximum\":65535,"
    "\"help\":\"Port of the proxy.\",\"source\":\"/etc/ocs-companion/ocsinventory.d/10-" LONG ".ini\"},"
    "{\"section\":\"HTTP\",\"key\":\"Pwd\",\"kind\":\"secret\",\"set\":true,\"help\":\"Password for the server, encrypted.\"},"
    "{\"section\":\"OCS "
    "Companion\",\"key\":\"ProxyAuth\",\"kind\":\"choice\",\"set\":false,\"fallback\":\"any\",\"choices\":[\"any\",\"safe\"],"
    "\"help\":\"How to log in to the proxy: any is the safest way that it asks for, safe never Basic, which anybody on the way can "
    "read.\"}]}";

static const char step_text[] = "{\"step\":{\"name\":\"connect\",\"result\":\"failed\",\"milliseconds\":30012,\"reason\":{\"code\":"
                                "\"proxy-unreachable\",\"message\":\"" LONG " port 3128 does not answer: is it switched on?\"}}}";

static const char warnings_text[] = "{\"changed\":[],\"warnings\":[\"line 7: ProxyTyp= is not known: ProxyType= may be meant\"]}";

typedef struct {
  GtkApplication *application; /* owned */
  OcsModel *model;             /* owned */
  const char *place;           /* for messages */
  guint cut;
} Bench;

static void
on_model_change (OcsModel *model, gpointer user_data)
{
}

static void
on_window_shown (gpointer user_data)
{
}

static gboolean
on_timeout (gpointer user_data)
{
  *(gboolean *)user_data = TRUE;
  return G_SOURCE_REMOVE;
}

/* Until sizes are settled and animations are over. */
static void
settle (void)
{
  gboolean over = FALSE;

  g_timeout_add (150, on_timeout, &over);
  while (!over)
    gtk_main_iteration ();
}

static gboolean
wraps (GtkWidget *widget)
{
  GtkWidget *child = GTK_IS_BUTTON (widget) ? gtk_bin_get_child (GTK_BIN (widget)) : widget;

  return GTK_IS_LABEL (child) && gtk_label_get_line_wrap (GTK_LABEL (child));
}

static gboolean
is_cut (GtkWidget *widget)
{
  int around = gtk_widget_get_margin_start (widget) + gtk_widget_get_margin_end (widget)
               + (GTK_IS_CONTAINER (widget) ? 2 * (int)gtk_container_get_border_width (GTK_CONTAINER (widget)) : 0);
  int minimum = 0, natural = 0, width = gtk_widget_get_allocated_width (widget) + around;

  if (GTK_IS_LABEL (widget) && pango_layout_is_ellipsized (gtk_label_get_layout (GTK_LABEL (widget))))
    return TRUE;
  gtk_widget_get_preferred_width (widget, &minimum, &natural);
  if (width < minimum)
    return TRUE;
  return (GTK_IS_BUTTON (widget) || GTK_IS_LABEL (widget)) && !wraps (widget) && width < natural;
}

static const char *
words_of (GtkWidget *widget)
{
  const char *name = atk_object_get_name (gtk_widget_get_accessible (widget));

  return GTK_IS_LABEL (widget) ? gtk_label_get_text (GTK_LABEL (widget)) : name != NULL ? name : "";
}

static void
look_at (GtkWidget *widget, gpointer user_data)
{
  Bench *bench = user_data;

  if (!gtk_widget_get_mapped (widget))
    return;
  if (is_cut (widget)) {
    int minimum = 0, natural = 0;

    gtk_widget_get_preferred_width (widget, &minimum, &natural);
    g_printerr ("# %s: cut off: %s \"%s\", %d wide instead of %d to %d\n", bench->place, G_OBJECT_TYPE_NAME (widget), words_of (widget),
                gtk_widget_get_allocated_width (widget), minimum, natural);
    bench->cut++;
  }
  if (GTK_IS_CONTAINER (widget))
    gtk_container_forall (GTK_CONTAINER (widget), look_at, bench);
}

static void
check_window (Bench *bench, GtkWidget *window, int scale)
{
  int width = 0, height = 0;

  settle ();
  gtk_window_resize (GTK_WINDOW (window), SMALL_WIDTH * scale, SMALL_HEIGHT * scale);
  settle ();
  gtk_window_get_size (GTK_WINDOW (window), &width, &height);
  if (width > SMALL_WIDTH * scale || height > SMALL_HEIGHT * scale) {
    g_printerr ("# %s: %d x %d does not fit\n", bench->place, width, height);
    bench->cut++;
  }
  look_at (window, bench);
}

/* The client finds nobody and says so first; what is shown then stays. */
static void
fill_model (Bench *bench)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) object = NULL;

  settle ();
  object = ocs_json_parse (status_text, strlen (status_text), &error);
  g_assert_no_error (error);
  ocs_status_free (bench->model->status);
  bench->model->status = ocs_status_from_json (object);
  bench->model->answered = TRUE;
  bench->model->policy->show_inventory = TRUE;
}

static void
check_main_window (Bench *bench, int scale)
{
  static const char *const pages[] = {"overview", "deployments", "connection", "inventory", "log", "settings"};
  g_autoptr (OcsWindow) window = ocs_window_new (bench->application, bench->model, on_window_shown, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (pages); i++) {
    bench->place = pages[i];
    ocs_window_present (window, pages[i]);
    ocs_window_draw (window);
    check_window (bench, GTK_WIDGET (gtk_application_get_active_window (bench->application)), scale);
  }
}

static void
check_dialogs (Bench *bench, int scale)
{
  GPtrArray *questions = bench->model->status->questions;

  g_assert_cmpuint (questions->len, ==, 4);
  for (guint i = 0; i < questions->len; i++) {
    g_autoptr (OcsDialog) dialog = ocs_dialog_new (bench->application, bench->model);
    const OcsQuestion *question = questions->pdata[i];

    bench->place = question->id;
    ocs_dialog_draw (dialog, question);
    ocs_dialog_present (dialog, TRUE);
    check_window (bench, GTK_WIDGET (gtk_application_get_active_window (bench->application)), scale);
  }
}

static void
check_assistant (Bench *bench, int scale)
{
  GtkWidget *assistant = ocs_assistant_new (bench->application, bench->model);

  gtk_widget_show (assistant);
  for (int i = 0; i < gtk_assistant_get_n_pages (GTK_ASSISTANT (assistant)); i++) {
    g_autofree char *place = g_strdup_printf ("assistant %d", i);

    bench->place = place;
    gtk_assistant_set_current_page (GTK_ASSISTANT (assistant), i);
    check_window (bench, assistant, scale);
  }
  gtk_widget_destroy (assistant);
}

/* What a worker that knows settings and nothing else says, each message with its NUL byte. */
static const char *
answer_to (const char *call)
{
  if (strstr (call, ".GetSettings\"") != NULL)
    return settings_text;
  if (strstr (call, ".Configure\"") != NULL)
    return warnings_text;
  return strstr (call, ".TestProxy\"") != NULL ? step_text : NULL;
}

static gboolean
on_service_run (GThreadedSocketService *service, GSocketConnection *connection, GObject *source, gpointer user_data)
{
  g_autoptr (GDataInputStream) input = g_data_input_stream_new (g_io_stream_get_input_stream (G_IO_STREAM (connection)));
  GOutputStream *output = g_io_stream_get_output_stream (G_IO_STREAM (connection));
  char *call = NULL;

  while ((call = g_data_input_stream_read_upto (input, "", 1, NULL, NULL, NULL)) != NULL) {
    const char *answer = answer_to (call);
    g_autofree char *reply = answer != NULL ? g_strdup_printf ("{\"parameters\":%s}", answer)
                                            : g_strdup ("{\"error\":\"org.varlink.service.MethodNotFound\",\"parameters\":{}}");

    g_free (call);
    if (!g_output_stream_write_all (output, reply, strlen (reply) + 1, NULL, NULL, NULL)
        || g_data_input_stream_read_byte (input, NULL, NULL) != 0)
      break;
  }
  return TRUE;
}

static GSocketService *
service_new (const char *path)
{
  GSocketService *service = g_threaded_socket_service_new (-1);
  g_autoptr (GSocketAddress) address = g_unix_socket_address_new (path);
  g_autoptr (GError) error = NULL;

  g_socket_listener_add_address (G_SOCKET_LISTENER (service), address, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_DEFAULT, NULL, NULL, &error);
  g_assert_no_error (error);
  g_signal_connect (service, "run", G_CALLBACK (on_service_run), NULL);
  return service;
}

typedef struct {
  GType type;
  const char *label; /* nullable: any */
  GtkWidget *found;
} Sought;

static void
seek (GtkWidget *widget, gpointer user_data)
{
  Sought *sought = user_data;

  if (sought->found != NULL || !gtk_widget_get_mapped (widget))
    return;
  if (G_OBJECT_TYPE (widget) == sought->type && gtk_widget_is_sensitive (widget)
      && (sought->label == NULL || g_strcmp0 (gtk_button_get_label (GTK_BUTTON (widget)), sought->label) == 0))
    sought->found = widget;
  else if (GTK_IS_CONTAINER (widget))
    gtk_container_forall (GTK_CONTAINER (widget), seek, sought);
}

/* Waits until it is there. */
static GtkWidget *
find (GtkWidget *window, GType type, const char *label)
{
  Sought sought = {.type = type, .label = label};

  for (seek (window, &sought); sought.found == NULL; seek (window, &sought))
    gtk_main_iteration ();
  return sought.found;
}

static void
press (GtkWidget *window, const char *label)
{
  gtk_button_clicked (GTK_BUTTON (find (window, GTK_TYPE_BUTTON, label)));
}

/* The settings and the assistant, with what a worker has told them: to be read, to be changed, and with a test that failed. */
static void
check_settings (Bench *bench, int scale)
{
  g_autoptr (OcsWindow) window = ocs_window_new (bench->application, bench->model, on_window_shown, NULL);
  GtkWidget *widget = NULL, *assistant = NULL;

  ocs_window_present (window, "settings");
  widget = GTK_WIDGET (gtk_application_get_active_window (bench->application));
  bench->place = "settings, to be read";
  find (widget, GTK_TYPE_BUTTON, _ ("_Unlock"));
  settle ();
  check_window (bench, widget, scale);
  press (widget, _ ("_Unlock"));
  bench->place = "settings, to be changed";
  gtk_entry_set_text (GTK_ENTRY (find (widget, GTK_TYPE_ENTRY, NULL)), "https://ocs/ocsinventory");
  check_window (bench, widget, scale);
  press (widget, _ ("_Test"));
  bench->place = "settings, tried";
  settle ();
  check_window (bench, widget, scale);
  bench->place = "assistant, tried";
  assistant = ocs_assistant_new (bench->application, bench->model);
  gtk_widget_show (assistant);
  gtk_assistant_set_current_page (GTK_ASSISTANT (assistant), 1);
  press (assistant, _ ("_Test"));
  settle ();
  check_window (bench, assistant, scale);
  gtk_widget_destroy (assistant);
}

/* The bench's model knows nobody; this one does. */
static void
check_served (Bench *bench, int scale)
{
  g_autofree char *folder = g_dir_make_tmp ("ocs-layout-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "worker.sock", NULL);
  g_autoptr (GSocketService) service = service_new (path);
  OcsModel *unserved = bench->model;

  bench->model = ocs_model_new (path, on_model_change, NULL);
  check_settings (bench, scale);
  ocs_model_free (bench->model);
  bench->model = unserved;
  g_socket_service_stop (service);
  g_socket_listener_close (G_SOCKET_LISTENER (service));
  settle ();
  g_unlink (path);
  g_rmdir (folder);
}

static void
check_all (gconstpointer application, GtkTextDirection direction, int scale)
{
  Bench bench = {.application = g_object_ref ((gpointer)application)};

  gtk_widget_set_default_direction (direction);
  g_object_set (gtk_settings_get_default (), "gtk-xft-dpi", DPI * 1024 * scale, "gtk-enable-animations", FALSE, NULL);
  bench.model = ocs_model_new ("/nonexistent/worker.sock", on_model_change, NULL);
  fill_model (&bench);
  check_main_window (&bench, scale);
  check_dialogs (&bench, scale);
  check_assistant (&bench, scale);
  check_served (&bench, scale);
  ocs_model_free (bench.model);
  g_object_unref (bench.application);
  g_assert_cmpuint (bench.cut, ==, 0);
}

static void
test_left_to_right (gconstpointer application)
{
  check_all (application, GTK_TEXT_DIR_LTR, 1);
}

static void
test_right_to_left (gconstpointer application)
{
  check_all (application, GTK_TEXT_DIR_RTL, 1);
}

static void
test_twice_the_size (gconstpointer application)
{
  check_all (application, GTK_TEXT_DIR_LTR, 2);
}

int
main (int argc, char **argv)
{
  g_autoptr (GtkApplication) application = NULL;

  g_test_init (&argc, &argv, NULL);
  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, g_getenv ("OCS_LOCALE_DIR"));
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  if (!gtk_init_check (&argc, &argv)) {
    g_print ("1..0 # SKIP there is no display\n");
    return 0;
  }
  application = gtk_application_new (NULL, G_APPLICATION_NON_UNIQUE);
  if (!g_application_register (G_APPLICATION (application), NULL, NULL))
    return 1;
  g_test_add_data_func ("/layout/left-to-right", application, test_left_to_right);
  g_test_add_data_func ("/layout/right-to-left", application, test_right_to_left);
  g_test_add_data_func ("/layout/twice-the-size", application, test_twice_the_size);
  return g_test_run ();
}
