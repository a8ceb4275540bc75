#include "app/command_line.h"
#include "engine/machine.h"
#include "ui/main_window.h"
#include "ui/theme.h"

#include <QApplication>

int main(int argc, char** argv) {
    embedscope::prepareProcess();
    embedscope::ViewSource view;
    if (const std::optional<int> code = embedscope::runCommand(argc, argv, &view)) return *code;
    QApplication application(argc, argv);
    application.setApplicationName("Embedscope");
    application.setOrganizationName("Embedscope");
    embedscope::applyTheme(application, embedscope::savedTheme());
    embedscope::MainWindow window;
    window.show();
    if (!view.embeddings.empty())
        window.view(view);
    else if (const QStringList arguments = application.arguments(); arguments.size() > 1)
        window.openPlace(arguments[1]);
    else
        window.restoreSession();
    return QApplication::exec();
}
