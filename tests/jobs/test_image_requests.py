import threading

from glomviewer.jobs.image_requests import ImageRequest, ImageRequests


def taken(requests):
    order = []
    while not requests.idle:
        request = requests.take()
        assert request is not None
        requests.done(request)
        order.append((request.patch, request.side))
    return order


def test_what_the_eye_waits_for_comes_first():
    requests = ImageRequests()
    requests.ahead([7, 8])
    for patch in (1, 2, 3):
        requests.ask(ImageRequest(patch, 160))
    requests.ask(ImageRequest(9, None))
    assert taken(requests) == [(9, None), (3, 160), (2, 160), (1, 160), (7, None), (8, None)]


def test_what_has_been_scrolled_away_is_dropped():
    requests = ImageRequests()
    for patch in range(6):
        requests.ask(ImageRequest(patch, 160))
    requests.keep({2, 4})
    assert taken(requests) == [(4, 160), (2, 160)]


def test_more_than_fit_drop_the_oldest():
    requests = ImageRequests(most=2)
    for patch in range(5):
        requests.ask(ImageRequest(patch, 160))
    assert taken(requests) == [(4, 160), (3, 160)]


def test_a_newer_list_of_images_to_have_ready_replaces_the_older():
    requests = ImageRequests()
    requests.ahead([1, 2, 3])
    requests.ahead([3, 4])
    assert taken(requests) == [(3, None), (4, None)]


def test_an_image_that_is_being_read_is_not_read_twice():
    requests = ImageRequests()
    request = ImageRequest(1, None)
    requests.ask(request)
    assert requests.take() == request
    requests.ask(request)
    requests.ahead([1])
    requests.done(request)
    assert requests.idle


def test_closing_wakes_whoever_waits():
    requests = ImageRequests()
    answers = []
    thread = threading.Thread(target=lambda: answers.append(requests.take()))
    thread.start()
    requests.close()
    thread.join(10)
    assert answers == [None]


def test_what_was_read_coarsely_waits_until_every_patch_has_something():
    requests = ImageRequests()
    requests.ahead([9])
    for patch in (1, 2):
        requests.ask(ImageRequest(patch, 320))
    first = requests.take()
    assert first is not None
    assert first == ImageRequest(2, 320)
    requests.done(first, coarsely=True)
    requests.ask(first)
    assert taken(requests) == [(1, 320), (2, 320), (9, None)]


def test_a_finer_thumbnail_of_what_was_scrolled_away_is_dropped_too():
    requests = ImageRequests()
    requests.ask(ImageRequest(1, 320))
    request = requests.take()
    assert request is not None
    requests.done(request, coarsely=True)
    assert not requests.idle
    requests.keep({2})
    assert requests.idle


def test_nothing_is_taken_while_the_window_paints():
    requests, took = ImageRequests(), threading.Event()

    def take():
        requests.take()
        took.set()

    thread = threading.Thread(target=take)
    with requests.held():
        thread.start()
        requests.ask(ImageRequest(1, 160))
        requests.ahead([2])
        assert not took.wait(0.05)
    assert took.wait(10)
    thread.join()


def test_closing_ends_who_waits_for_the_painting():
    requests = ImageRequests()
    with requests.held():
        requests.ask(ImageRequest(1, 160))
        requests.close()
        assert requests.take() is None
