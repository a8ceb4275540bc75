#pragma once

#include "engine/comparison.h"
#include "ui/ready_made.h"

#include <QWidget>

class QPushButton;
class QVBoxLayout;

namespace embedscope {

/// What the program opens on: ways to get images in, places used before, ready-made experiments.
class WelcomePage : public QWidget {
    Q_OBJECT
public:
    explicit WelcomePage(QWidget* parent = nullptr);

    /// Reads the recent places anew.
    void refresh();

Q_SIGNALS:
    void openFolderRequested();
    void openFileRequested();
    void sampleRequested();
    void placeRequested(const QString& place);
    void runRequested(const QString& folder);
    void resumeRequested(const QString& folder);
    void readyMadeRequested(const ReadyMade& readyMade);
    void comparisonRequested(const Comparison& comparison);
    void openComparisonRequested();
    void libraryRequested();

private:
    QWidget* makeActions();
    QWidget* makeReadyMade();
    QWidget* makeComparisons();
    void fillRuns(const QStringList& folders);
    QPushButton* placeLink(const QString& place, void (WelcomePage::*chosen)(const QString&));
    void fillPlaces(const QString& heading, const QStringList& places, void (WelcomePage::*chosen)(const QString&));

    QVBoxLayout* places_ = nullptr;
};

}  // namespace embedscope
